import { describe, expect, it } from 'vitest';
import { addMoney, formatMoney, formatPrice, toDecimal } from '@/lib/money';

const euro = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

describe('money', () => {
  it('shows a price tag without minor units when they are zero', () => {
    expect(formatPrice(euro(4900))).toBe('€49');
    expect(formatPrice(euro(4950))).toBe('€49.50');
    expect(formatPrice(euro(0))).toBe('€0');
  });

  it('always shows minor units in columns that are added up', () => {
    expect(formatMoney(euro(4900))).toBe('€49.00');
    expect(formatMoney(euro(123456789))).toBe('€1,234,567.89');
    expect(formatMoney(euro(-5))).toBe('-€0.05');
  });

  it('knows currencies without minor units and with three digits', () => {
    expect(toDecimal({ amountMinor: 500, currency: 'JPY' })).toBe('500');
    expect(toDecimal({ amountMinor: 500, currency: 'KWD' })).toBe('0.500');
  });

  it('writes decimals without rounding errors', () => {
    expect(toDecimal(euro(1))).toBe('0.01');
    expect(toDecimal(euro(110))).toBe('1.10');
    expect(toDecimal(euro(2999))).toBe('29.99');
  });

  it('adds amounts of one currency and refuses to mix two', () => {
    expect(addMoney(euro(1), euro(2), euro(3))).toEqual(euro(6));
    expect(() => addMoney(euro(1), { amountMinor: 1, currency: 'USD' })).toThrow(RangeError);
  });
});
