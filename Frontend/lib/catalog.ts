import { amountPattern, shopCurrency, toMinor } from './money';

export const sorts = [
  { sort: 'featured', label: 'Our order' },
  { sort: 'newest', label: 'Newest' },
  { sort: 'price', label: 'Price, low first' },
  { sort: '-price', label: 'Price, high first' },
  { sort: 'title', label: 'A to Z' },
] as const;

export type Sort = (typeof sorts)[number]['sort'];

export const defaultSort: Sort = 'featured';
export const pageSize = 24;

/** What one may choose several values of. Options and attributes are written as Api reads them: `Size:A4`, `custom.inks:Harbour`. */
export const groups = ['vendor', 'tag', 'option', 'attribute'] as const;
export type Group = (typeof groups)[number];

/** What a list shows, as its address says it. Prices are whole currency units as somebody types them, `19.50`. */
export interface ListState extends Partial<Record<Group, string[]>> {
  collection?: string;
  type?: string;
  sort?: Sort;
  cursor?: string;
  from?: string;
  to?: string;
  available?: boolean;
}

type Search = Record<string, string | string[] | undefined>;

const single = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;

const several = (value: string | string[] | undefined) => {
  const values = [...new Set(typeof value === 'string' ? [value] : value)].filter(Boolean);
  return values.length > 0 ? values : undefined;
};

const typedAmount = new RegExp(`^${amountPattern(shopCurrency)}$`);

const amount = (value: string | string[] | undefined) => {
  const text = single(value)?.trim();
  return text && typedAmount.test(text) ? text.replace(',', '.') : undefined;
};

/** Reads a list's state from its address; a sort or price that does not exist is left out, other values are Api's to judge. */
export function readListState(search: Search): ListState {
  const sort = sorts.find((known) => known.sort === single(search.sort))?.sort;
  return {
    collection: single(search.collection),
    type: single(search.type),
    sort: sort === defaultSort ? undefined : sort,
    cursor: single(search.cursor),
    ...Object.fromEntries(groups.map((group) => [group, several(search[group])])),
    from: amount(search.from),
    to: amount(search.to),
    available: single(search.available) === 'true' || undefined,
  };
}

/** The parts of a list's address, in a fixed order: the same list has one address. */
export function listParts(state: ListState): [name: string, value: string][] {
  const parts: [string, string][] = [];
  const add = (name: string, value: string | undefined) => value && parts.push([name, value]);
  add('collection', state.collection);
  add('type', state.type);
  for (const group of groups) for (const value of state[group] ?? []) add(group, value);
  add('from', state.from);
  add('to', state.to);
  add('available', state.available ? 'true' : undefined);
  add('sort', state.sort === defaultSort ? undefined : state.sort);
  add('cursor', state.cursor);
  return parts;
}

/** The address of a list in this state. */
export function listHref(path: string, state: ListState): string {
  const text = new URLSearchParams(listParts(state)).toString();
  return text ? `${path}?${text}` : path;
}

/** The state with one value chosen, or no longer chosen; it begins at its first page. */
export function toggled(state: ListState, group: Group, value: string): ListState {
  const chosen = state[group] ?? [];
  const next = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
  return { ...state, cursor: undefined, [group]: next.length > 0 ? next : undefined };
}

/** Only what says which shelf one stands at: kind and series. */
export const shelfOf = ({ collection, type, sort }: ListState): ListState => ({ collection, type, sort });

/** Whether anything was chosen beyond the shelf. */
export const isNarrowed = (state: ListState): boolean =>
  groups.some((group) => state[group]) || Boolean(state.from || state.to || state.available);

/** What Api is asked for. */
export function queryOf(state: ListState) {
  const minor = (text: string | undefined) => (text === undefined ? undefined : toMinor(text, shopCurrency));
  return {
    ...(state.collection && { collection: state.collection }),
    ...(state.type && { type: [state.type] }),
    ...Object.fromEntries(groups.flatMap((group) => (state[group] ? [[group, state[group]]] : []))),
    ...(state.from && { priceMin: minor(state.from) }),
    ...(state.to && { priceMax: minor(state.to) }),
    ...(state.available && { available: true }),
  };
}
