import Link from 'next/link';
import type { FacetList } from '@/lib/api-schemas';
import { isNarrowed, listHref, listParts, shelfOf, toggled, type ListState } from '@/lib/catalog';
import { chosenOf, menusOf, type FacetChoice } from '@/lib/facets';
import { swatch } from '@/lib/inks';
import { amountPattern, shopCurrency, symbolOf, toDecimal } from '@/lib/money';
import { FilterMenu } from './FilterMenu';

function Value({ choice, href }: { choice: FacetChoice; href: string }) {
  const inks = choice.address.startsWith('custom.inks:') ? swatch(choice.label) : null;
  return (
    <li className="break-inside-avoid">
      <Link
        href={href}
        rel="nofollow"
        scroll={false}
        aria-current={choice.chosen ? 'true' : undefined}
        className="group/value flex min-h-10 items-center gap-3 font-display text-[0.92rem] hover:text-spot aria-[current]:font-semibold sm:min-h-8"
      >
        <span aria-hidden="true" className="grid size-4 shrink-0 place-items-center border-[1.5px] border-edge text-[0.7rem] leading-none group-aria-[current]/value:border-ink group-aria-[current]/value:bg-ink group-aria-[current]/value:text-paper">
          {choice.chosen && '✓'}
        </span>
        {inks && <span aria-hidden="true" className="h-4 w-9 shrink-0 border border-line" style={{ background: inks }} />}
        <span className="min-w-0">{choice.label}</span>
        <span className="label ml-auto pl-2 font-normal text-soft tabular-nums">{choice.count}</span>
      </Link>
    </li>
  );
}

/** A plain form, so that it works without scripts; what else was chosen travels along. */
function Prices({ path, state, facets }: { path: string; state: ListState; facets: FacetList }) {
  const rest = listParts({ ...state, from: undefined, to: undefined, cursor: undefined });
  return (
    <form action={path} method="get" className="flex flex-wrap items-end gap-4">
      {rest.map(([name, value]) => (
        <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
      ))}
      {([['from', 'From', facets.priceFrom, state.from], ['to', 'To', facets.priceTo, state.to]] as const).map(([name, label, bound, value]) => (
        <label key={name} className="label text-soft">
          {label} ({symbolOf(shopCurrency)})
          <input
            key={value ?? ''}
            name={name}
            defaultValue={value}
            inputMode="decimal"
            pattern={amountPattern(shopCurrency)}
            placeholder={bound ? toDecimal(bound) : undefined}
            autoComplete="off"
            className="field mt-1 block w-28! tabular-nums"
          />
        </label>
      ))}
      <button className="button button-quiet">Show</button>
    </form>
  );
}

/** Everything a list can be narrowed down by, and what has been chosen. Every choice is an address. */
export function FilterBar({ path, state, facets }: { path: string; state: ListState; facets: FacetList }) {
  const menus = menusOf(facets, state);
  const chosen = chosenOf(state, menus);
  const href = (change: ListState) => listHref(path, { ...change, cursor: undefined });
  const [available, all] = [Number(facets.availableCount), Number(facets.productCount)];
  const priced = state.from || state.to;
  if (all === 0 && !isNarrowed(state)) return null;
  const sign = symbolOf(shopCurrency);
  const span = state.from && state.to ? `${sign}${state.from} to ${sign}${state.to}` : state.from ? `from ${sign}${state.from}` : `up to ${sign}${state.to}`;
  return (
    <>
      <div className="relative flex flex-col gap-1 sm:flex-row sm:items-baseline sm:gap-5">
        <p className="label shrink-0 text-soft sm:w-16">Narrow</p>
        <div className="flex flex-wrap gap-x-1 sm:gap-x-2">
          {menus.map((menu) => (
            <FilterMenu key={menu.key} label={menu.label} chosen={menu.choices.filter((choice) => choice.chosen).length}>
              <ul className="columns-1 gap-x-10 min-[26rem]:columns-2 md:columns-3 lg:columns-4">
                {menu.choices.map((choice) => (
                  <Value key={choice.address} choice={choice} href={listHref(path, toggled(state, choice.group, choice.address))} />
                ))}
              </ul>
            </FilterMenu>
          ))}
          <FilterMenu label="Price" chosen={priced ? 1 : 0}>
            <Prices path={path} state={state} facets={facets} />
          </FilterMenu>
          {(available < all || state.available) && (
            <Link
              href={href({ ...state, available: state.available ? undefined : true })}
              rel="nofollow"
              scroll={false}
              aria-current={state.available ? 'true' : undefined}
              className="flex min-h-10 items-center gap-1.5 px-2 font-display text-[0.92rem] hover:text-spot aria-[current]:font-semibold sm:min-h-8"
            >
              In stock <span className="label font-normal text-soft tabular-nums">{available}</span>
            </Link>
          )}
        </div>
      </div>
      {isNarrowed(state) && (
        <ul aria-label="Chosen" className="flex flex-wrap items-center gap-2 py-2 sm:pl-[5.25rem]">
          {chosen.map((one) => (
            <Chip key={`${one.group}:${one.address}`} label={one.label} href={listHref(path, toggled(state, one.group, one.address))} inks={one.address.startsWith('custom.inks:') ? swatch(one.label) : null} />
          ))}
          {priced && <Chip label={span} href={href({ ...state, from: undefined, to: undefined })} />}
          {state.available && <Chip label="In stock" href={href({ ...state, available: undefined })} />}
          <li>
            <Link href={href(shelfOf(state))} className="link inline-block px-2 py-1.5 font-display text-[0.9rem]">
              Clear all
            </Link>
          </li>
        </ul>
      )}
    </>
  );
}

function Chip({ label, href, inks = null }: { label: string; href: string; inks?: string | null }) {
  return (
    <li>
      <Link href={href} rel="nofollow" scroll={false} className="flex min-h-9 items-center gap-2 border-[1.5px] border-ink px-3 font-display text-[0.9rem] hover:border-spot hover:text-spot">
        {inks && <span aria-hidden="true" className="h-3 w-6" style={{ background: inks }} />}
        <span className="sr-only">Remove </span>
        {label}
        <span aria-hidden="true" className="text-soft">×</span>
      </Link>
    </li>
  );
}
