import type { Metadata } from 'next';
import { notFound, permanentRedirect, redirect } from 'next/navigation';
import { Crumbs } from '@/components/Crumbs';
import { JsonLd } from '@/components/JsonLd';
import { Listing } from '@/components/Listing';
import { findProducts, getCollection } from '@/lib/api';
import { describe } from '@/lib/collection-words';
import { isNarrowed, listHref, readListState } from '@/lib/catalog';
import { mediaUrl } from '@/lib/media';
import { titleFor } from '@/lib/page-title';
import { absolute, openGraph } from '@/lib/site';
import { slugOf } from '@/lib/slug';

type Props = PageProps<'/collections/[slug]'>;

/** The collection of the address, and what of it is asked for. */
async function read({ params, searchParams }: Props) {
  const slug = slugOf((await params).slug);
  const state = { ...readListState(await searchParams), collection: undefined };
  const collection = await getCollection(slug);
  if (!collection) notFound();
  const path = `/collections/${encodeURIComponent(collection.slug)}`;
  if (collection.slug !== slug) permanentRedirect(listHref(path, state)); // renamed: Api has led us on
  const found = await findProducts({ ...state, collection: slug });
  if (!found && state.cursor) redirect(listHref(path, { ...state, cursor: undefined })); // a page of a list that is another one by now
  if (!found) notFound();
  return { collection, state, found, path };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { collection, state, found, path } = await read(props);
  const title = titleFor(collection);
  const isEmpty = Number(found.facets.productCount) === 0;
  return {
    title,
    description: collection.seo.description || describe(collection) || undefined,
    alternates: { canonical: listHref(path, { type: isEmpty ? undefined : state.type }) },
    robots: isEmpty || state.cursor || state.sort || isNarrowed(state) ? { index: false, follow: true } : undefined,
    openGraph: {
      ...openGraph,
      title,
      url: path,
      images: collection.image ? [{ url: mediaUrl(collection.image, 1280, 'jpg'), alt: collection.image.alt }] : [],
    },
  };
}

export default async function CollectionPage(props: Props) {
  const { collection, state, found, path } = await read(props);
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
