import Link from 'next/link';
import type { FacetList, ProductPage } from '@/lib/api-schemas';
import { defaultSort, isNarrowed, listHref, shelfOf, sorts, type ListState } from '@/lib/catalog';
import { kindsOf } from '@/lib/facets';
import { FilterBar } from './FilterBar';
import { ProductGrid } from './ProductGrid';

interface Choice {
  label: string;
  href: string;
  current: boolean;
  count?: number;
}

function Choices({ legend, choices }: { legend: string; choices: readonly Choice[] }) {
  return (
    <div className="flex flex-col gap-1 sm:flex-row sm:items-baseline sm:gap-5">
      <p className="label shrink-0 text-soft sm:w-16">{legend}</p>
      <ul className="no-scrollbar -mx-[clamp(1.15rem,4vw,3.5rem)] flex gap-x-1 overflow-x-auto px-[clamp(1.15rem,4vw,3.5rem)] sm:mx-0 sm:flex-wrap sm:gap-x-2 sm:px-0">
        {choices.map((choice) => (
          <li key={choice.label} className="group/choice shrink-0">
            <Link
              href={choice.href}
              aria-current={choice.current ? 'true' : undefined}
              scroll={false}
              className="flex min-h-10 items-center gap-1.5 px-2 font-display text-[0.92rem] group-first/choice:pl-0 hover:text-spot aria-[current]:font-semibold sm:min-h-8"
            >
              <span className={choice.current ? 'border-b-2 border-ink pb-0.5' : 'border-b-2 border-transparent pb-0.5'}>{choice.label}</span>
              {choice.count !== undefined && <span className="label font-normal text-soft tabular-nums">{choice.count}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Filters with counts, sorting and the wall of pieces. Every state is an address; the next page is one too. */
export function Listing({ path, state, page, facets, collections = [] }: {
  path: string;
  state: ListState;
  page: ProductPage;
  facets: FacetList;
  collections?: readonly { slug: string; title: string }[];
}) {
  const href = (change: ListState) => listHref(path, { ...state, cursor: undefined, ...change });
  const kinds = kindsOf(facets);
  const count = Number(facets.productCount);
  const isEmptyShelf = count === 0 && !isNarrowed(state) && !state.type && !state.collection;
  if (isEmptyShelf) return <Empty />;
  return (
    <>
      <div className="space-y-3 border-y border-line py-4 sm:space-y-1">
        {(kinds.length > 1 || state.type) && (
          <Choices
            legend="Kind"
            choices={[
              { label: 'Everything', href: href({ type: undefined }), current: !state.type },
              ...kinds.map(({ type, count }) => ({ label: type, count, href: href({ type }), current: state.type === type })),
            ]}
          />
        )}
        {collections.length > 0 && (
          <Choices
            legend="Series"
            choices={[
              { label: 'All', href: href({ collection: undefined }), current: !state.collection },
              ...collections.map(({ slug, title }) => ({ label: title, href: href({ collection: slug }), current: state.collection === slug })),
            ]}
          />
        )}
        <FilterBar path={path} state={state} facets={facets} />
        <Choices
          legend="Sort"
          choices={sorts.map(({ sort, label }) => ({ label, href: href({ sort }), current: (state.sort ?? defaultSort) === sort }))}
        />
      </div>

      <p className="label mt-5 text-soft" role="status">
        {count === 1 ? '1 piece' : `${count} pieces`}
      </p>
      <div className="mt-5 sm:mt-8">
        {page.items.length > 0 ? (
          <ProductGrid products={page.items} />
        ) : (
          <div className="max-w-prose py-10">
            <p className="text-lg">No piece is all of that at once.</p>
            <Link href={isNarrowed(state) ? listHref(path, shelfOf(state)) : path} className="button button-quiet mt-6">
              {isNarrowed(state) ? 'Clear the choice' : 'Open all drawers'}
            </Link>
          </div>
        )}
      </div>

      {(page.nextCursor || state.cursor) && (
        <nav aria-label="Pages" className="mt-16 flex flex-wrap items-center justify-center gap-4">
          {state.cursor && (
            <Link href={href({})} className="button button-quiet">
              Back to the start
            </Link>
          )}
          {page.nextCursor && (
            <Link href={listHref(path, { ...state, cursor: page.nextCursor })} className="button" rel="next">
              More pieces
            </Link>
          )}
        </nav>
      )}
    </>
  );
}

function Empty() {
  return (
    <div className="border-t border-line pt-8">
      <p className="max-w-[34rem] text-[1.15rem]">Nothing hangs here yet. The first pieces are being made; please look in again soon.</p>
      <Link href="/about" className="link mt-5 inline-block font-display">
        How they are made
      </Link>
    </div>
  );
}
