import type { Metadata } from 'next';
import Link from 'next/link';
import { CollectionShelf } from '@/components/CollectionShelf';
import { GrowOne } from '@/components/GrowOne';
import { JsonLd } from '@/components/JsonLd';
import { Picture } from '@/components/Picture';
import { ProductGrid } from '@/components/ProductGrid';
import { Seed } from '@/components/Seed';
import { GrainField } from '@/components/GrainField';
import { getProduct, listCollections, listKinds, listProducts } from '@/lib/api';
import { listHref } from '@/lib/catalog';
import { formatPrice } from '@/lib/money';
import { seedOf } from '@/lib/seed';
import { showcase } from '@/lib/showcase';
import { absolute, shopName } from '@/lib/site';

const wallPieces = 8;
const mostKinds = 8;
/** Any number: what hangs on the wall until there are pieces. */
const emptyWallSeed = 2026;
/** Enough of each collection to find every kind of thing in it. */
const perCollection = 12;

export const metadata: Metadata = { alternates: { canonical: '/' } };

export default async function HomePage({ searchParams }: PageProps<'/'>) {
  const [{ items }, collections, kinds, { seed }] = await Promise.all([
    listProducts({ sort: 'featured', limit: wallPieces + 1 }),
    listCollections(),
    listKinds(),
    searchParams,
  ]);
  const hero = items.find((product) => product.image) ?? items[0];
  const [lists, heroDetail] = await Promise.all([
    Promise.all(collections.slice(0, wallPieces).map(({ slug }) => listProducts({ collection: slug, limit: perCollection }))),
    hero && getProduct(hero.slug),
  ]);
  const mixed = showcase([...lists.slice(1), ...lists.slice(0, 1)].map((list) => list.items), wallPieces, hero ? [hero] : []);
  const rest = mixed.length > 0 ? mixed : items.filter((product) => product !== hero);
  // A tile does not carry the tags that tell a seed.
  const heroSeed = heroDetail && seedOf(heroDetail);
  return (
    <>
      <section className="sheet grid items-center gap-x-16 gap-y-10 pt-8 sm:pt-14 lg:min-h-[calc(100svh-5.5rem)] lg:grid-cols-[minmax(0,1fr)_minmax(0,0.92fr)] lg:py-12">
        <div className="lg:pb-10">
          <h1 className="text-[clamp(2.9rem,7.4vw,6.4rem)] font-[600] leading-[0.95] tracking-[-0.035em]">
            Every picture here grew from a number.
          </h1>
          <p className="mt-6 max-w-[31rem] text-[clamp(1.1rem,1.5vw,1.3rem)] leading-relaxed">
            {shopName} is a small print studio. We write programs, give each a number and print what grows: on paper,
            cloth and clay.
          </p>
          <div className="mt-8 flex flex-wrap items-center gap-x-7 gap-y-4">
            {items.length > 0 && (
              <Link href="/products" className="button">
                See all pieces
              </Link>
            )}
            <Link href="/about" className="link font-display">
              How it is made
            </Link>
          </div>
        </div>
        {items.length === 0 && (
          <figure className="w-full max-w-[36rem] lg:justify-self-end">
            <div className="crop bg-mat p-[12%]">
              <GrainField seed={emptyWallSeed} size="24x30" decorative className="w-full" />
            </div>
            <figcaption className="mt-6 font-display text-[0.95rem] text-soft">The first pieces are being made. Please look in again soon.</figcaption>
          </figure>
        )}
        {hero?.image && (
          <figure className="lg:justify-self-end">
            <Link href={`/products/${hero.slug}`} className="crop block bg-mat">
              <Picture
                image={hero.image}
                priority
                sizes="(min-width: 84rem) 36rem, (min-width: 64rem) 44vw, 92vw"
                className="max-h-[78svh] w-full object-contain"
              />
            </Link>
            <figcaption className="mt-6 flex items-baseline justify-between gap-4 font-display text-[0.95rem]">
              <span className="flex flex-wrap gap-x-4">
                {heroSeed && <Seed value={heroSeed} className="text-spot" />}
                <Link href={`/products/${hero.slug}`} className="hover:text-spot hover:underline">
                  {hero.title}
                </Link>
              </span>
              <span className="shrink-0 text-soft">
                {hero.priceVaries && 'from '}
                {formatPrice(hero.priceFrom)}
              </span>
            </figcaption>
          </figure>
        )}
      </section>

      {rest.length > 0 && (
        <section aria-labelledby="featured" className="sheet pt-24 sm:pt-32">
          <div className="mb-8 flex flex-wrap items-baseline justify-between gap-x-10 gap-y-3 sm:mb-12">
            <h2 id="featured" className="text-[clamp(1.9rem,4vw,3rem)]">
              Fresh from the press
            </h2>
            <ul className="flex flex-wrap gap-x-5 font-display text-[0.95rem]">
              {kinds.slice(0, mostKinds).map(({ type }) => (
                <li key={type}>
                  <Link href={listHref('/products', { type })} className="link inline-block py-1.5">
                    {type}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
          <ProductGrid products={rest} eager={0} heading="h3" />
        </section>
      )}

      <CollectionShelf collections={collections} />
      <GrowOne asked={typeof seed === 'string' ? seed : undefined} />
      <JsonLd
        data={{
          '@context': 'https://schema.org',
          '@type': 'OnlineStore',
          name: shopName,
          url: absolute('/'),
          logo: absolute('/icon.svg'),
        }}
      />
    </>
  );
}
