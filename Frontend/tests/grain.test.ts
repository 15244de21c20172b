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
  it('is read from a tag', () => {
    expect(seedOf({ tags: ['blue', 'seed 333'] })).toBe('333');
    expect(seedOf({ tags: ['Seed:48213', 'blue'] })).toBe('48213');
  });

  it('is not made up of a tag that has digits too', () => {
    expect(seedOf({ tags: ['240 volts', 'seedling 12', 'seed'] })).toBeNull();
  });
});
