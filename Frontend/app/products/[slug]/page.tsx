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
import { openGraph } from '@/lib/site';
import { slugOf } from '@/lib/slug';
import { openingChoice } from '@/lib/variants';

type Props = PageProps<'/products/[slug]'>;

const alike = 4;
const neighbourhood = 100;

/** The product of the address, and the variant it asks for. */
async function read({ params, searchParams }: Props) {
  const slug = slugOf((await params).slug);
  const { variant } = await searchParams;
  const asked = typeof variant === 'string' ? variant : undefined;
  const product = await getProduct(slug);
  if (!product) notFound();
  const path = `/products/${encodeURIComponent(product.slug)}`;
  if (product.slug !== slug) permanentRedirect(asked === undefined ? path : `${path}?variant=${encodeURIComponent(asked)}`); // renamed: Api has led us on
  return { product, asked, path };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { product, path } = await read(props);
  const title = titleFor(product);
  const description = product.seo.description || plainText(product.descriptionHtml, 160);
  const image = product.images[0];
  return {
    title,
    description,
    alternates: { canonical: path },
    openGraph: {
      ...openGraph,
      title,
      description,
      url: path,
      images: image ? [{ url: mediaUrl(image, 1280, 'jpg'), alt: image.alt }] : [],
    },
  };
}

export default async function ProductPage(props: Props) {
  const { product, asked } = await read(props);
  const collection = product.collections[0];
  const neighbours = collection ? (await listProducts({ collection: collection.slug, limit: neighbourhood })).items : [];
  const seed = seedOf(product);
  const same = seed ? sameWork(product.slug, neighbours) : [];
  const more = following(product.slug, neighbours, alike, same);
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
        <div className="mt-9 border-t border-line pt-7">
          <div className="prose" dangerouslySetInnerHTML={{ __html: product.descriptionHtml }} />
        </div>
        <Facts attributes={product.attributes} />
      </ProductStage>

      {seed && same.length > 0 && (
        <Wall id="same" title={<>The same <Seed value={seed} className="text-spot" /> on other things</>} products={same.slice(0, alike)} />
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
