import { describe, expect, it } from 'vitest';
import type { Variant } from '@/lib/api-schemas';
import { choose, findVariant, openingChoice, valueState } from '@/lib/variants';

function variant(sku: string, options: string[], available = true): Variant {
  return {
    id: sku, sku, title: options.join(' / '), options, available,
    price: { amountMinor: 1900, currency: 'EUR' }, compareAt: null, stockLeft: null, image: null,
    barcode: null, weightGrams: 0, minQuantity: 1, maxQuantity: 99, quantityStep: 1, backorder: false,
  };
}

const variants = [
  variant('A', ['30 cm', 'Plain'], false),
  variant('B', ['30 cm', 'Oak']),
  variant('C', ['50 cm', 'Plain']),
  variant('D', ['70 cm', 'Black'], false),
];

describe('picking a variant', () => {
  it('finds the variant that has the whole choice', () => {
    expect(findVariant(variants, ['50 cm', 'Plain'])?.sku).toBe('C');
    expect(findVariant(variants, ['50 cm', 'Oak'])).toBeUndefined();
    expect(findVariant(variants, [])).toBeUndefined();
  });

  it('finds the only variant of a product without options', () => {
    expect(findVariant([variant('X', [])], [])?.sku).toBe('X');
  });

  it('opens with the SKU that was asked for, even when it is sold out', () => {
    expect(openingChoice({ variants }, 'A')).toEqual(['30 cm', 'Plain']);
  });

  it('opens with the first variant that can be bought when no known SKU was asked for', () => {
    expect(openingChoice({ variants })).toEqual(['30 cm', 'Oak']);
    expect(openingChoice({ variants }, 'gone')).toEqual(['30 cm', 'Oak']);
    expect(openingChoice({ variants: [] })).toEqual([]);
  });

  it('tells a sold-out value from one that does not exist', () => {
    expect(valueState(variants, ['30 cm', 'Oak'], 1, 'Plain')).toBe('sold-out');
    expect(valueState(variants, ['30 cm', 'Oak'], 1, 'Black')).toBe('missing');
    expect(valueState(variants, ['30 cm', 'Plain'], 1, 'Oak')).toBe('available');
  });

  it('moves the other options when the new value does not go with them', () => {
    expect(choose(variants, ['30 cm', 'Oak'], 0, '50 cm')).toEqual(['50 cm', 'Plain']);
    expect(choose(variants, ['30 cm', 'Oak'], 0, '70 cm')).toEqual(['70 cm', 'Black']);
  });

  it('keeps the other options when they go with the new value', () => {
    expect(choose(variants, ['50 cm', 'Plain'], 0, '30 cm')).toEqual(['30 cm', 'Plain']);
  });
});
