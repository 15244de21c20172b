import { describe, expect, it } from 'vitest';
import { isNarrowed, listHref, queryOf, readListState, toggled, type ListState } from '@/lib/catalog';
import { titleFor } from '@/lib/page-title';
import { plainText } from '@/lib/plain-text';

/** As Next hands an address to a page. */
function searchOf(href: string) {
  const search: Record<string, string | string[]> = {};
  for (const [name, value] of new URL(href, 'http://x').searchParams) {
    const before = search[name];
    search[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return search;
}

describe('a list’s address', () => {
  it('carries the state and nothing that is the default', () => {
    expect(listHref('/products', {})).toBe('/products');
    expect(listHref('/products', { type: 'Poster', sort: '-price' })).toBe('/products?type=Poster&sort=-price');
    expect(listHref('/products', { sort: 'featured' })).toBe('/products');
  });

  it('is read back to the same state', () => {
    const state: ListState = {
      collection: 'tidal', type: 'Card', sort: 'title', cursor: 'a b+c', option: ['Size:24 × 30 cm', 'Size:A4'], attribute: ['custom.inks:Harbour'],
      from: '5', to: '19.50', available: true,
    };
    expect(readListState(searchOf(listHref('/products', state)))).toEqual(state);
  });

  it('ignores a sort or a price that does not exist and takes the first of repeated values', () => {
    expect(readListState({ sort: 'drop table', type: ['Card', 'Poster'], from: 'cheap', to: '-3', available: 'maybe' })).toEqual({ type: 'Card' });
    expect(readListState({ from: '19,50' })).toEqual({ from: '19.50' });
  });

  it('begins at the first page when a value is chosen or given up', () => {
    const once = toggled({ cursor: 'c', type: 'Card' }, 'option', 'Size:A4');
    expect(once).toEqual({ type: 'Card', option: ['Size:A4'] });
    expect(toggled(once, 'option', 'Size:A4')).toEqual({ type: 'Card' });
    expect([isNarrowed(once), isNarrowed({ type: 'Card', sort: 'title' })]).toEqual([true, false]);
  });

  it('asks Api for minor units', () => {
    expect(queryOf({ type: 'Card', from: '19.99', to: '40', attribute: ['custom.inks:Sumi'], available: true })).toEqual({
      type: ['Card'], priceMin: 1999, priceMax: 4000, attribute: ['custom.inks:Sumi'], available: true,
    });
    expect(queryOf({})).toEqual({});
  });
});

describe('plain text', () => {
  it('drops the tags and keeps the words', () => {
    expect(plainText('<p>One &amp; <em>two</em>.</p><p>Three</p>', 100)).toBe('One & two. Three');
  });

  it('cuts at the end of a word', () => {
    expect(plainText('<p>alpha beta gamma</p>', 12)).toBe('alpha beta…');
  });
});

describe('a page’s title', () => {
  it('is what staff wrote for it, with nothing added', () => {
    expect(titleFor({ title: 'Tide Mug', seo: { title: 'Tide Mug | Oddgrain' } })).toEqual({ absolute: 'Tide Mug | Oddgrain' });
  });

  it('is the title, to which the shop’s name is added, where they wrote nothing: Api answers the title then', () => {
    expect(titleFor({ title: 'Tide Mug', seo: { title: 'Tide Mug' } })).toBe('Tide Mug');
  });
});
