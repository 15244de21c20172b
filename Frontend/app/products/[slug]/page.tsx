import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Crumbs } from '@/components/Crumbs';
import { JsonLd } from '@/components/JsonLd';
import { ProductGrid } from '@/components/ProductGrid';
import { ProductStage } from '@/components/ProductStage';
import { Seed } from '@/components/Seed';
import { getProduct, listProducts } from '@/lib/api';
import { mediaUrl } from '@/lib/media';
import { plainText } from '@/lib/plain-text';
import { productJsonLd } from '@/lib/product-json-ld';
import { seedOf } from '@/lib/seed';
import { openingChoice } from '@/lib/variants';

type Props = PageProps<'/products/[slug]'>;

const alike = 4;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug } = await params;
  const product = await getProduct(slug);
  if (!product) notFound();
  const title = product.seo.title || product.title;
  const description = product.seo.description || plainText(product.descriptionHtml, 160);
  const image = product.images[0];
  return {
    title,
    description,
    alternates: { canonical: `/products/${slug}` },
    openGraph: {
      title,
      description,
      url: `/products/${slug}`,
      images: image ? [{ url: mediaUrl(image, 1280, 'jpg'), alt: image.alt }] : [],
    },
  };
}

export default async function ProductPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const product = await getProduct(slug);
  if (!product) notFound();
  const { variant } = await searchParams;
  const collection = product.collections[0];
  const related = collection
    ? (await listProducts({ collection: collection.slug, limit: alike + 1 })).items
        .filter((other) => other.slug !== product.slug)
        .slice(0, alike)
    : [];
  const seed = seedOf(product);
  return (
    <div className="sheet pt-6 sm:pt-8">
      <Crumbs
        trail={[
          { href: '/products', label: 'All pieces' },
          ...(collection ? [{ href: `/collections/${collection.slug}`, label: collection.title }] : []),
        ]}
      />
      <ProductStage
        product={product}
        opening={openingChoice(product, typeof variant === 'string' ? variant : undefined)}
        heading={
          <>
            {seed && <p className="text-xl text-spot"><Seed value={seed} /></p>}
            <h1 className="mt-1 text-[clamp(2rem,4vw,3.1rem)]">{product.title}</h1>
            <p className="label mt-2.5 text-soft">{product.productType}</p>
          </>
        }
      >
        <div className="prose mt-9 border-t border-line pt-7" dangerouslySetInnerHTML={{ __html: product.descriptionHtml }} />
      </ProductStage>

      {related.length > 0 && collection && (
        <section aria-labelledby="alike" className="mt-24 border-t border-line pt-8 sm:mt-32">
          <h2 id="alike" className="mb-8 text-2xl sm:text-3xl">
            More from {collection.title}
          </h2>
          <ProductGrid products={related} eager={0} heading="h3" />
        </section>
      )}
      <JsonLd data={productJsonLd(product)} />
    </div>
  );
}
