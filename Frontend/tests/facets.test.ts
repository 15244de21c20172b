import { describe, expect, it } from 'vitest';
import type { FacetList } from '@/lib/api-schemas';
import { chosenOf, kindsOf, menusOf } from '@/lib/facets';
import { swatch } from '@/lib/inks';

const facet = (kind: string, name: string, values: Record<string, number>) => ({
  kind, name, label: name || kind, values: Object.entries(values).map(([value, count]) => ({ value, count })),
});

const facets = {
  productCount: 100, availableCount: 90, priceFrom: null, priceTo: null,
  items: [
    facet('type', '', { Print: 60, Mug: 40 }),
    facet('option', 'Size', { A4: 60, A3: 60 }),
    facet('option', 'Handles', { Long: 10, Short: 10 }),
    facet('attribute', 'custom.inks', { Harbour: 55, Fjord: 45 }),
    facet('vendor', '', { Oddgrain: 100 }),
    facet('tag', '', { sea: 70, sky: 60 }),
  ],
} as unknown as FacetList;

describe('menus', () => {
  it('offer what tells most of the pieces apart, and no menu with one value, of few pieces, or of tags', () => {
    expect(menusOf(facets, {}).map((menu) => menu.key)).toEqual(['option:Size', 'attribute:custom.inks']);
  });

  it('stay as long as something is chosen in them', () => {
    const menus = menusOf(facets, { option: ['Handles:Long'] });
    expect(menus.map((menu) => menu.key)).toContain('option:Handles');
    expect(menus.flatMap((menu) => menu.choices).filter((choice) => choice.chosen)).toEqual([
      { group: 'option', address: 'Handles:Long', label: 'Long', count: 10, chosen: true },
    ]);
  });

  it('know what was chosen also where nothing is left of it', () => {
    expect(chosenOf({ attribute: ['custom.inks:Night: garden'], tag: ['sea'] }).map((one) => one.label)).toEqual(['sea', 'Night: garden']);
  });

  it('know where the name of an option ends that holds a colon itself', () => {
    const shoes = { ...facets, items: [facet('option', 'Size: EU', { 42: 60, 43: 40 })] } as unknown as FacetList;
    const state = { option: ['Size: EU:42'] };
    expect(chosenOf(state, menusOf(shoes, state)).map((one) => one.label)).toEqual(['42']);
  });

  it('list the kinds as often as there are pieces of them', () => {
    expect(kindsOf(facets)).toEqual([{ type: 'Print', count: 60 }, { type: 'Mug', count: 40 }]);
    expect(kindsOf({ ...facets, items: [] })).toEqual([]);
  });
});

describe('a swatch', () => {
  it('shows the inks and the paper of a known palette, and nothing for another', () => {
    expect(swatch('Sumi')).toBe('linear-gradient(90deg, #1b1b22 0% 25%, #d7402b 25% 50%, #8c8a86 50% 75%, #f6f3ea 75% 100%)');
    expect(swatch('Beige')).toBeNull();
  });
});
