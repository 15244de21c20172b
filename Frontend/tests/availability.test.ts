import { describe, expect, it } from 'vitest';
import { availabilityWords, backorderWords } from '@/lib/availability';

const plenty = { available: true, stockLeft: null, backorder: false };

describe('what can be had', () => {
  it('is said of the chosen variant', () => {
    expect(availabilityWords(undefined)).toBe('This combination does not exist');
    expect(availabilityWords(plenty)).toBe('In stock, leaves the studio in two working days');
    expect(availabilityWords({ ...plenty, stockLeft: 3 })).toBe('Only 3 left');
    expect(availabilityWords({ ...plenty, available: false })).toBe('Sold out in this choice');
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
