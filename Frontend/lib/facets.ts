import type { FacetList } from './api-schemas';
import { groups, type Group, type ListState } from './catalog';

/** A value one may narrow a list down by, and how the list's address says it. */
export interface FacetChoice {
  group: Group;
  /** As it stands in the address: `Size:A4`. */
  address: string;
  label: string;
  count: number;
  chosen: boolean;
}

export interface FacetMenu {
  key: string;
  label: string;
  choices: FacetChoice[];
}

/** A menu that speaks of less than this share of a list only stands in the way. */
const leastShare = 0.5;

const isGroup = (kind: string): kind is Group => (groups as readonly string[]).includes(kind);

const addressOf = (group: Group, name: string, value: string) => (group === 'option' || group === 'attribute' ? `${name}:${value}` : value);

/**
 * The menus of a list: what tells its products apart, and whatever something was chosen in. Kinds have a row of their own, and tags are
 * how the studio files its pieces: too many to choose from.
 */
export function menusOf(facets: FacetList, state: ListState): FacetMenu[] {
  return facets.items.flatMap((facet) => {
    if (!isGroup(facet.kind) || facet.kind === 'tag') return [];
    const group = facet.kind;
    const choices = facet.values.map(({ value, count }) => {
      const address = addressOf(group, facet.name, value);
      return { group, address, label: value, count: Number(count), chosen: state[group]?.includes(address) ?? false };
    });
    const isUsed = choices.some((choice) => choice.chosen);
    const share = choices.reduce((sum, choice) => sum + choice.count, 0) / Math.max(1, Number(facets.productCount));
    if (!isUsed && (choices.length < 2 || share < leastShare)) return [];
    return [{ key: `${facet.kind}:${facet.name}`, label: facet.label, choices }];
  });
}

/** What was chosen, in words, also where the list no longer counts it. Names may hold colons: where a menu has the choice, it knows where the name ends. */
export function chosenOf(state: ListState, menus: FacetMenu[] = []): { group: Group; address: string; label: string }[] {
  const choices = menus.flatMap((menu) => menu.choices);
  return groups.flatMap((group) =>
    (state[group] ?? []).map((address) => ({
      group,
      address,
      label:
        choices.find((choice) => choice.group === group && choice.address === address)?.label ??
        (group === 'option' || group === 'attribute' ? address.slice(address.indexOf(':') + 1) : address),
    })),
  );
}

/** The kinds of pieces there are, most frequent first. */
export const kindsOf = (facets: FacetList): { type: string; count: number }[] =>
  (facets.items.find((facet) => facet.kind === 'type')?.values ?? []).map(({ value, count }) => ({ type: value, count: Number(count) }));
