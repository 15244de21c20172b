import type { Metadata } from 'next';
import { notFound, permanentRedirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { Crumbs } from '@/components/Crumbs';
import { Facts } from '@/components/Facts';
import { JsonLd } from '@/components/JsonLd';
import { ProductGrid } from '@/components/ProductGrid';
import { ProductStage } from '@/components/ProductStage';
import { Seed } from '@/components/Seed';
import { getProduct, listProducts } from '@/lib/api';
import type { ProductCard } from '@/lib/api-schemas';
import { following, sameWork } from '@/lib/kindred';
import { mediaUrl } from '@/lib/media';
import { titleFor } from '@/lib/page-title';
import { plainText } from '@/lib/plain-text';
import { productJsonLd } from '@/lib/product-json-ld';
import { seedOf } from '@/lib/seed';
import { slugOf } from '@/lib/slug';
import { openingChoice } from '@/lib/variants';

type Props = PageProps<'/products/[slug]'>;

const alike = 4;
const neighbourhood = 100;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const slug = slugOf((await params).slug);
  const product = await getProduct(slug);
  if (!product) notFound();
  if (product.slug !== slug) permanentRedirect(`/products/${encodeURIComponent(product.slug)}`);
  const title = titleFor(product);
  const description = product.seo.description || plainText(product.descriptionHtml, 160);
  const image = product.images[0];
  return {
    title,
    description,
    alternates: { canonical: `/products/${encodeURIComponent(slug)}` },
    openGraph: {
      title,
      description,
      url: `/products/${encodeURIComponent(slug)}`,
      images: image ? [{ url: mediaUrl(image, 1280, 'jpg'), alt: image.alt }] : [],
    },
  };
}

export default async function ProductPage({ params, searchParams }: Props) {
  const slug = slugOf((await params).slug);
  const product = await getProduct(slug);
  if (!product) notFound();
  if (product.slug !== slug) permanentRedirect(`/products/${encodeURIComponent(product.slug)}`); // renamed: Api has led us on
  const { variant } = await searchParams;
  const asked = typeof variant === 'string' ? variant : undefined;
  const collection = product.collections[0];
  const neighbours = collection ? (await listProducts({ collection: collection.slug, limit: neighbourhood })).items : [];
  const same = sameWork(product.slug, neighbours).slice(0, alike);
  const more = following(product.slug, neighbours, alike, sameWork(product.slug, neighbours));
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
        opening={openingChoice(product, asked)}
        showOpening={asked !== undefined}
        heading={
          <>
            {seed && <p className="text-2xl text-spot"><Seed value={seed} /></p>}
            <h1 className="mt-1 text-[clamp(2rem,4vw,3.1rem)]">{product.title}</h1>
            <p className="label mt-2.5 text-soft">{product.productType}</p>
          </>
        }
      >
        <div className="prose mt-9 border-t border-line pt-7" dangerouslySetInnerHTML={{ __html: product.descriptionHtml }} />
        <Facts attributes={product.attributes} />
      </ProductStage>

      {same.length > 0 && (
        <Wall id="same" title={seed ? <>The same <Seed value={seed} className="text-spot" /> on other things</> : 'The same picture on other things'} products={same} />
      )}
      {more.length > 0 && collection && <Wall id="more" title={`More from ${collection.title}`} products={more} />}
      <JsonLd data={productJsonLd(product)} />
    </div>
  );
}

function Wall({ id, title, products }: { id: string; title: ReactNode; products: readonly ProductCard[] }) {
  return (
    <section aria-labelledby={id} className="mt-20 border-t border-line pt-8 sm:mt-28">
      <h2 id={id} className="mb-8 text-2xl sm:text-3xl">
        {title}
      </h2>
      <ProductGrid products={products} eager={0} heading="h3" />
    </section>
  );
}
