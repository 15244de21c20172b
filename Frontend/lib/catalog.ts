/** How the shop's shelves are labelled. `type` is the product type as the catalogue writes it. */
export const productTypes = [
  { type: 'Art prints', label: 'Art prints' },
  { type: 'Cards', label: 'Cards' },
  { type: 'Notebooks', label: 'Notebooks' },
  { type: 'Textiles', label: 'Textiles' },
  { type: 'Ceramics', label: 'Ceramics' },
  { type: 'Bags', label: 'Bags' },
] as const;

export const sorts = [
  { sort: 'featured', label: 'Our order' },
  { sort: 'newest', label: 'Newest' },
  { sort: 'price', label: 'Price, low first' },
  { sort: '-price', label: 'Price, high first' },
  { sort: 'title', label: 'A to Z' },
] as const;

export const defaultSort = 'featured';
export const pageSize = 24;

export interface ListState {
  collection?: string;
  type?: string;
  sort?: string;
  cursor?: string;
}

type Search = Record<string, string | string[] | undefined>;

const single = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;

/** Reads a list's state from its address; a sort that does not exist is left out, other values are Api's to judge. */
export function readListState(search: Search): ListState {
  const sort = single(search.sort);
  return {
    collection: single(search.collection),
    type: single(search.type),
    sort: sorts.some((known) => known.sort === sort) && sort !== defaultSort ? sort : undefined,
    cursor: single(search.cursor),
  };
}

/** The address of a list in this state. */
export function listHref(path: string, state: ListState): string {
  const query = new URLSearchParams();
  for (const key of ['collection', 'type', 'sort', 'cursor'] as const) {
    const value = state[key];
    if (value && !(key === 'sort' && value === defaultSort)) query.set(key, value);
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
