import { describe, expect, it } from 'vitest';
import { following, sameWork } from '@/lib/kindred';
import { showcase } from '@/lib/showcase';

const image = { hash: 'h', alt: '', width: 4, height: 5 };
const card = (slug: string, productType: string, available = true) => ({ slug, productType, available, image });
const slugs = (cards: readonly { slug: string }[]) => cards.map(({ slug }) => slug);

describe('the front page’s wall', () => {
  const currents = [card('a-print', 'Prints'), card('a-mug', 'Mugs'), card('c-mug', 'Mugs'), card('c-bag', 'Bags')];
  const orbits = [card('b-print', 'Prints'), card('b-mug', 'Mugs'), card('d-print', 'Prints')];

  it('takes one of each list in turn, of the kind that is shown least, each picture once', () => {
    expect(slugs(showcase([currents, orbits], 9))).toEqual(['a-print', 'b-mug', 'c-bag', 'd-print']);
  });

  it('leaves out what is shown already, and counts its kind', () => {
    expect(slugs(showcase([currents, orbits], 2, [currents[0]!]))).toEqual(['c-mug', 'b-print']);
  });

  it('leaves out what is sold out and ends when nothing is left', () => {
    expect(slugs(showcase([[card('x', 'Mugs', false)], [card('y', 'Mugs')]], 9))).toEqual(['y']);
    expect(showcase([], 3)).toEqual([]);
  });
});

describe('kindred pieces', () => {
  const list = ['undertow-art-print', 'undertow-mug', 'undertow-tote-bag', 'night-ferry-art-print', 'night-ferry-mug', 'night-garden-at-noon-mug']
    .map((slug) => ({ slug }));

  it('are the same picture on other things', () => {
    expect(slugs(sameWork('undertow-art-print', list))).toEqual(['undertow-mug', 'undertow-tote-bag']);
    expect(slugs(sameWork('night-ferry-mug', list))).toEqual(['night-ferry-art-print']);
  });

  it('are not made up for a picture that is on one thing only', () => {
    expect(sameWork('lone-picture-mug', list)).toEqual([]);
    expect(sameWork('mug', list)).toEqual([]);
  });

  it('follow in their list and begin again at its start', () => {
    expect(slugs(following('night-ferry-mug', list, 2, [list[0]!]))).toEqual(['night-garden-at-noon-mug', 'undertow-mug']);
    expect(following('unknown', list, 2)).toHaveLength(2);
  });
});
