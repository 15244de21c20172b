import { describe, expect, it } from 'vitest';
import { listHref, readListState } from '@/lib/catalog';
import { plainText } from '@/lib/plain-text';

describe('a list’s address', () => {
  it('carries the state and nothing that is the default', () => {
    expect(listHref('/products', {})).toBe('/products');
    expect(listHref('/products', { type: 'Poster', sort: '-price' })).toBe('/products?type=Poster&sort=-price');
    expect(listHref('/products', { sort: 'featured' })).toBe('/products');
  });

  it('is read back to the same state', () => {
    const state = { collection: 'tidal', type: 'Card', sort: 'title', cursor: 'a b+c' };
    const query = Object.fromEntries(new URL(listHref('/products', state), 'http://x').searchParams);
    expect(readListState(query)).toEqual(state);
  });

  it('ignores a sort that does not exist and takes the first of repeated values', () => {
    expect(readListState({ sort: 'drop table', type: ['Card', 'Poster'] })).toEqual({ type: 'Card' });
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
