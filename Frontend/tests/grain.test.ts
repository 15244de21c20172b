import { describe, expect, it } from 'vitest';
import { drawGrains, growGrains, seedFrom } from '@/lib/grain';
import { seedOf } from '@/lib/seed';

describe('a drawing', () => {
  it('is the same for the same number and another for the next', () => {
    expect(drawGrains(48213, '44x26')).toBe(drawGrains(48213, '44x26'));
    expect(drawGrains(48213, '44x26')).not.toBe(drawGrains(48214, '44x26'));
  });

  it('has exactly one odd grain, whatever the number', () => {
    for (let seed = 0; seed < 500; seed++) {
      expect(growGrains(seed, 16, 20).filter((grain) => grain.odd)).toHaveLength(1);
    }
  });

  it('grows from words too', () => {
    expect(seedFrom('OG-7K3M-9QXT')).toBe(seedFrom('OG-7K3M-9QXT'));
    expect(seedFrom('OG-7K3M-9QXT')).not.toBe(seedFrom('OG-7K3M-9QXV'));
  });
});

describe('a seed', () => {
  it('is read from a tag before a title before a slug', () => {
    expect(seedOf({ title: 'Tidal 111', slug: 'tidal-222', tags: ['blue', 'seed:333'] })).toBe('333');
    expect(seedOf({ title: 'Tidal 111', slug: 'tidal-222' })).toBe('111');
    expect(seedOf({ title: 'Tidal', slug: 'tidal-222-poster' })).toBe('222');
  });

  it('is not made up where there is none', () => {
    expect(seedOf({ title: 'Mug', slug: 'mug-12' })).toBeNull();
  });
});
