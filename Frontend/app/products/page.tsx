import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Listing } from '@/components/Listing';
import { findProducts, listCollections } from '@/lib/api';
import { isNarrowed, listHref, readListState } from '@/lib/catalog';

type Props = PageProps<'/products'>;

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const state = readListState(await searchParams);
  return {
    title: state.type ?? 'All pieces',
    description: `${state.type ?? 'Posters, cards, textiles, ceramics and notebooks'} grown from numbers, printed and made to order.`,
    // Sorted, narrowed and later pages are the same pieces again.
    alternates: { canonical: listHref('/products', { type: state.type, collection: state.collection }) },
    robots: state.cursor || state.sort || isNarrowed(state) ? { index: false, follow: true } : undefined,
  };
}

export default async function ProductsPage({ searchParams }: Props) {
  const state = readListState(await searchParams);
  const [found, collections] = await Promise.all([findProducts(state), listCollections()]);
  if (!found) notFound();
  return (
    <div className="sheet pt-10 sm:pt-16">
      <h1 className="mb-8 text-[clamp(2.4rem,6vw,4.5rem)] sm:mb-12">{state.type ?? 'All pieces'}</h1>
      <Listing path="/products" state={state} {...found} collections={collections} />
    </div>
  );
}
