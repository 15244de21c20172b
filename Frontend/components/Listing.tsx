import Link from 'next/link';
import type { ProductPage } from '@/lib/api-schemas';
import { defaultSort, listHref, productTypes, sorts, type ListState } from '@/lib/catalog';
import { ProductGrid } from './ProductGrid';

interface Choice {
  label: string;
  href: string;
  current: boolean;
}

function Choices({ legend, choices }: { legend: string; choices: readonly Choice[] }) {
  return (
    <div className="flex flex-col gap-1 sm:flex-row sm:items-baseline sm:gap-5">
      <p className="label shrink-0 text-soft sm:w-16">{legend}</p>
      <ul className="no-scrollbar -mx-[clamp(1.15rem,4vw,3.5rem)] flex gap-x-1 overflow-x-auto px-[clamp(1.15rem,4vw,3.5rem)] sm:mx-0 sm:flex-wrap sm:px-0">
        {choices.map((choice) => (
          <li key={choice.label} className="shrink-0">
            <Link
              href={choice.href}
              aria-current={choice.current ? 'true' : undefined}
              scroll={false}
              className="flex min-h-10 items-center font-display text-[0.92rem] border-b-2 border-transparent px-2 first:pl-0 hover:text-spot aria-[current]:border-ink aria-[current]:font-semibold sm:min-h-8"
            >
              {choice.label}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Filters, sorting and the wall of pieces. Every state is an address; the next page is one too. */
export function Listing({ path, state, page, collections = [] }: {
  path: string;
  state: ListState;
  page: ProductPage;
  collections?: readonly { slug: string; title: string }[];
}) {
  const href = (change: ListState) => listHref(path, { ...state, cursor: undefined, ...change });
  const filtered = Boolean(state.type || state.collection);
  return (
    <>
      <div className="space-y-3 border-y border-line py-4 sm:space-y-1">
        <Choices
          legend="Kind"
          choices={[
            { label: 'Everything', href: href({ type: undefined }), current: !state.type },
            ...productTypes.map(({ type, label }) => ({ label, href: href({ type }), current: state.type === type })),
          ]}
        />
        {collections.length > 0 && (
          <Choices
            legend="Series"
            choices={[
              { label: 'All', href: href({ collection: undefined }), current: !state.collection },
              ...collections.map(({ slug, title }) => ({
                label: title,
                href: href({ collection: slug }),
                current: state.collection === slug,
              })),
            ]}
          />
        )}
        <Choices
          legend="Sort"
          choices={sorts.map(({ sort, label }) => ({
            label,
            href: href({ sort }),
            current: (state.sort ?? defaultSort) === sort,
          }))}
        />
      </div>

      <div className="mt-10 sm:mt-14">
        {page.items.length > 0 ? (
          <ProductGrid products={page.items} />
        ) : (
          <p className="max-w-prose py-10 text-lg">
            Nothing lies in this drawer.{' '}
            {filtered && (
              <Link href={path} className="link">
                Open all of them
              </Link>
            )}
          </p>
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
