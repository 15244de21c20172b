import { describe, expect, it } from 'vitest';
import { addMoney, amountPattern, formatMoney, formatPrice, symbolOf, toDecimal, toMinor } from '@/lib/money';

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
    expect(formatMoney({ amountMinor: 123456, currency: 'JPY' })).toBe('JP¥123,456');
    expect(formatPrice({ amountMinor: 1200, currency: 'JPY' })).toBe('JP¥1,200');
    expect(formatMoney({ amountMinor: 12500, currency: 'KWD' })).toBe('KWD\u00a012.500');
    expect(formatPrice({ amountMinor: 12000, currency: 'KWD' })).toBe('KWD\u00a012');
  });

  it('counts Serbian dinars in paras as Api does, whatever Intl thinks', () => {
    expect(formatMoney({ amountMinor: 123456, currency: 'RSD' })).toBe('RSD\u00a01,234.56');
  });

  it('shows in a field what the field takes', () => {
    for (const money of [euro(120000), euro(2999), { amountMinor: 1200, currency: 'JPY' }, { amountMinor: 1234560, currency: 'KWD' }]) {
      expect(toDecimal(money)).toMatch(new RegExp(`^${amountPattern(money.currency)}$`));
      expect(toMinor(toDecimal(money), money.currency)).toBe(money.amountMinor);
    }
    expect('12.5').not.toMatch(new RegExp(`^${amountPattern('JPY')}$`));
    expect(symbolOf('EUR')).toBe('€');
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
