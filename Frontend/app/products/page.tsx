import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { Listing } from '@/components/Listing';
import { findProducts, listCollections } from '@/lib/api';
import { isNarrowed, listHref, readListState } from '@/lib/catalog';

type Props = PageProps<'/products'>;

const path = '/products';

/** What the address asks for, and the kind of piece it names: whatever it names where a list is empty is nobody's heading. */
async function read(searchParams: Props['searchParams']) {
  const state = readListState(await searchParams);
  const found = await findProducts(state);
  if (!found && state.cursor) redirect(listHref(path, { ...state, cursor: undefined })); // a page of a list that is another one by now
  if (!found) notFound();
  const isEmpty = Number(found.facets.productCount) === 0;
  if (isEmpty && state.type && !state.collection && !isNarrowed(state)) notFound();
  return { state, found, isEmpty, kind: isEmpty ? undefined : state.type };
}

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const { state, isEmpty, kind } = await read(searchParams);
  return {
    title: kind ?? 'All pieces',
    description: `${kind ?? 'Posters, cards, textiles, ceramics and notebooks'} grown from numbers, printed and made to order.`,
    // Sorted, narrowed and later pages are the same pieces again; a collection's are on its own page.
    alternates: { canonical: listHref(state.collection ? `/collections/${encodeURIComponent(state.collection)}` : path, { type: kind }) },
    robots: isEmpty || state.cursor || state.sort || isNarrowed(state) ? { index: false, follow: true } : undefined,
  };
}

export default async function ProductsPage({ searchParams }: Props) {
  const [{ state, found, kind }, collections] = await Promise.all([read(searchParams), listCollections()]);
  return (
    <div className="sheet pt-10 sm:pt-16">
      <h1 className="mb-8 text-[clamp(2.4rem,6vw,4.5rem)] sm:mb-12">{kind ?? 'All pieces'}</h1>
      <Listing path={path} state={state} {...found} collections={collections} />
    </div>
  );
}
