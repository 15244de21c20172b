import type { Metadata } from 'next';
import { notFound, permanentRedirect } from 'next/navigation';
import { Crumbs } from '@/components/Crumbs';
import { JsonLd } from '@/components/JsonLd';
import { Listing } from '@/components/Listing';
import { findProducts, getCollection } from '@/lib/api';
import { describe } from '@/lib/collection-words';
import { isNarrowed, listHref, readListState } from '@/lib/catalog';
import { mediaUrl } from '@/lib/media';
import { titleFor } from '@/lib/page-title';
import { absolute } from '@/lib/site';
import { slugOf } from '@/lib/slug';

type Props = PageProps<'/collections/[slug]'>;

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const slug = slugOf((await params).slug);
  const collection = await getCollection(slug);
  if (!collection) notFound();
  if (collection.slug !== slug) permanentRedirect(`/collections/${encodeURIComponent(collection.slug)}`);
  const state = readListState(await searchParams);
  const title = titleFor(collection);
  return {
    title,
    description: collection.seo.description || describe(collection) || undefined,
    alternates: { canonical: listHref(`/collections/${encodeURIComponent(slug)}`, { type: state.type }) },
    robots: state.cursor || state.sort || isNarrowed(state) ? { index: false, follow: true } : undefined,
    openGraph: collection.image
      ? { title, images: [{ url: mediaUrl(collection.image, 1280, 'jpg') }] }
      : undefined,
  };
}

export default async function CollectionPage({ params, searchParams }: Props) {
  const slug = slugOf((await params).slug);
  const collection = await getCollection(slug);
  if (!collection) notFound();
  if (collection.slug !== slug) permanentRedirect(`/collections/${encodeURIComponent(collection.slug)}`); // renamed: Api has led us on
  const state = { ...readListState(await searchParams), collection: undefined };
  const found = await findProducts({ ...state, collection: collection.slug });
  if (!found) notFound();
  const path = `/collections/${encodeURIComponent(slug)}`;
  return (
    <div className="sheet pt-8 sm:pt-12">
      <Crumbs trail={[{ href: '/collections', label: 'Collections' }]} />
      <div className="mb-10 mt-3 grid gap-5 sm:mb-14 lg:grid-cols-[1fr_26rem] lg:items-end lg:gap-16">
        <h1 className="text-[clamp(2.4rem,7vw,5.25rem)]">{collection.title}</h1>
        <p className="text-[1.1rem] text-soft">{describe(collection)}</p>
      </div>
      <Listing path={path} state={state} {...found} />
      <JsonLd
        data={{
          '@context': 'https://schema.org',
          '@type': 'CollectionPage',
          name: collection.title,
          url: absolute(path),
          description: describe(collection) ?? undefined,
        }}
      />
    </div>
  );
}
