import { describe, expect, it } from 'vitest';
import { nextQuantity, offeredQuantities, pieces, quantityWords } from '@/lib/quantities';

const piecewise = { minQuantity: 1, maxQuantity: 99, quantityStep: 1 };
const sixes = { minQuantity: 6, maxQuantity: 20, quantityStep: 6 };

describe('what a click adds', () => {
  it('is the least that is sold, then a step, up to the most', () => {
    expect([0, 6, 12, 18].map((held) => nextQuantity(sixes, held))).toEqual([6, 12, 18, null]);
    expect([0, 1, 98, 99].map((held) => nextQuantity(piecewise, held))).toEqual([1, 2, 99, null]);
    expect(nextQuantity({ minQuantity: 4, maxQuantity: 12, quantityStep: 1 }, 4)).toBe(5);
  });

  it('leads from a number that is not allowed to the next that is', () => {
    expect([2, 7, 11].map((held) => nextQuantity(sixes, held))).toEqual([6, 12, 12]);
  });
});

describe('what the basket offers', () => {
  it('is only what is allowed', () => {
    expect(offeredQuantities({ ...sixes, quantity: 6 })).toEqual([6, 12, 18]);
    expect(offeredQuantities({ ...piecewise, maxQuantity: 3, quantity: 1 })).toEqual([1, 2, 3]);
  });

  it('moves with what is chosen, so that every allowed quantity can be reached', () => {
    expect(offeredQuantities({ ...piecewise, quantity: 1 }).at(-1)).toBe(11);
    expect(offeredQuantities({ ...piecewise, quantity: 11 }).at(-1)).toBe(21);
    expect(offeredQuantities({ ...piecewise, quantity: 60 })).toEqual([1, ...Array.from({ length: 21 }, (_, index) => 50 + index)]);
    expect(offeredQuantities({ ...piecewise, quantity: 95 }).at(-1)).toBe(99);
  });

  it('has the quantity that is there, allowed or not', () => {
    expect(offeredQuantities({ ...sixes, quantity: 3 })).toEqual([3, 6, 12, 18]);
    expect(offeredQuantities({ ...sixes, quantity: 30 })).toEqual([6, 12, 18, 30]);
    expect(offeredQuantities({ ...piecewise, maxQuantity: 2, quantity: 5 })).toEqual([1, 2, 5]);
    expect(offeredQuantities({ ...piecewise, maxQuantity: 0, quantity: 5 })).toEqual([5]);
  });
});

describe('words about numbers', () => {
  it('say how a variant is sold that is not sold piece by piece', () => {
    expect(quantityWords(piecewise)).toBeNull();
    expect(quantityWords(sixes)).toBe('Sold from 6, in steps of 6.');
    expect(quantityWords({ minQuantity: 4, maxQuantity: 99, quantityStep: 1 })).toBe('Sold from 4.');
    expect(quantityWords({ minQuantity: 1, maxQuantity: 99, quantityStep: 2 })).toBe('Sold from 1, in steps of 2.');
  });

  it('count pieces', () => {
    expect([0, 1, 12].map(pieces)).toEqual(['0 pieces', '1 piece', '12 pieces']);
  });
});
