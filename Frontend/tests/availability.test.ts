import { describe, expect, it } from 'vitest';
import { availabilityWords, backorderWords, countedTotal, obstacleWords } from '@/lib/availability';

const plenty = { available: true, stockLeft: null, backorder: false, options: ['A4'] };

describe('what can be had', () => {
  it('is said of the chosen variant', () => {
    expect(availabilityWords(undefined)).toBe('This combination does not exist');
    expect(availabilityWords(plenty)).toBe('In stock, leaves the studio in two working days');
    expect(availabilityWords({ ...plenty, stockLeft: 3 })).toBe('Only 3 left');
    expect(availabilityWords({ ...plenty, available: false })).toBe('Sold out in this choice');
    expect(availabilityWords({ ...plenty, available: false, options: [] })).toBe('Sold out');
  });

  it('is not in stock where it is a backorder', () => {
    const words = availabilityWords({ ...plenty, backorder: true });
    expect(words).toContain('as soon as it is made');
    expect(words).not.toContain('In stock');
  });

  it('is nothing where fewer are left than are sold at once', () => {
    expect(availabilityWords({ ...plenty, available: false, stockLeft: 3 })).toBe('Only 3 left, fewer than we sell at once');
  });

  it('is said of a line of the basket only when it comes later', () => {
    expect(backorderWords({ backorder: false, quantity: 2 })).toBeNull();
    expect(backorderWords({ backorder: true, quantity: 1 })).toBe('Not on the shelf just now; we send it as soon as it is made');
    expect(backorderWords({ backorder: true, quantity: 2 })).toContain('Not all of these are on the shelf');
  });
});

describe('a line of the basket that cannot be ordered', () => {
  const line = { obstacle: null, minQuantity: 1, maxQuantity: 0, quantityStep: 1, lineTotal: { amountMinor: 1000, currency: 'EUR' } };

  it('says why', () => {
    expect(obstacleWords(line)).toBeNull();
    expect(obstacleWords({ ...line, obstacle: 'not-on-sale' })).toBe('No longer in the shop');
    expect(obstacleWords({ ...line, obstacle: 'out-of-stock' })).toBe('Sold out');
    expect(obstacleWords({ ...line, obstacle: 'out-of-stock', maxQuantity: 2 })).toBe('Only 2 left');
    expect(obstacleWords({ ...line, obstacle: 'quantity-not-allowed', minQuantity: 4 })).toBe('Not sold in this number. Sold from 4.');
  });

  it('shows no amount where the subtotal has none of it', () => {
    expect(countedTotal(line)).toEqual(line.lineTotal);
    expect(countedTotal({ ...line, obstacle: 'out-of-stock' })).toEqual(line.lineTotal);
    expect(countedTotal({ ...line, obstacle: 'not-on-sale' })).toBeNull();
  });
});
