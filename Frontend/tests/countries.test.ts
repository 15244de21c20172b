import { describe, expect, it } from 'vitest';
import { addressLines } from '@/lib/countries';

const ann = { name: 'Ann', line1: 'Road 1', line2: null, postalCode: '10001', city: 'Town', region: null, countryCode: 'DE' };

describe('an address', () => {
  it('is written as mail there expects it', () => {
    expect(addressLines(ann)).toEqual(['Ann', 'Road 1', '10001 Town', 'Germany']);
    expect(addressLines({ ...ann, line2: 'Flat 2', region: 'NY', countryCode: 'US' })).toEqual(['Ann', 'Road 1', 'Flat 2', 'Town NY 10001', 'United States']);
    expect(addressLines({ ...ann, postalCode: 'SW1A 1AA', countryCode: 'GB' })[2]).toBe('Town SW1A 1AA');
  });

  it('is written without what it has not', () => {
    expect(addressLines({ ...ann, postalCode: '', city: 'Central', countryCode: 'HK' })[2]).toBe('Central');
  });
});
