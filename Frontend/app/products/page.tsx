import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Listing } from '@/components/Listing';
import { findProducts, listCollections } from '@/lib/api';
import { listHref, pageSize, productTypes, readListState } from '@/lib/catalog';

type Props = PageProps<'/products'>;

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const state = readListState(await searchParams);
  const kind = productTypes.find(({ type }) => type === state.type);
  return {
    title: kind ? kind.label : 'All pieces',
    description: `${kind ? kind.label : 'Posters, cards, textiles, ceramics and notebooks'} grown from numbers, printed and made to order.`,
    // Sorted and later pages are the same pieces again.
    alternates: { canonical: listHref('/products', { type: state.type, collection: state.collection }) },
    robots: state.cursor || state.sort ? { index: false, follow: true } : undefined,
  };
}

export default async function ProductsPage({ searchParams }: Props) {
  const state = readListState(await searchParams);
  const [page, collections] = await Promise.all([findProducts({ ...state, limit: pageSize }), listCollections()]);
  if (!page) notFound();
  const kind = productTypes.find(({ type }) => type === state.type);
  return (
    <div className="sheet pt-10 sm:pt-16">
      <h1 className="mb-8 text-[clamp(2.4rem,6vw,4.5rem)] sm:mb-12">{kind ? kind.label : 'All pieces'}</h1>
      <Listing path="/products" state={state} page={page} collections={collections} />
    </div>
  );
}
