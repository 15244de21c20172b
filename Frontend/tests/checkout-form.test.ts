import { describe, expect, it } from 'vitest';
import { check as checkIn, errorsOf, readValues, toAddress, type Values } from '@/lib/checkout-form';
import { byName, firstCountry } from '@/lib/countries';

const good: Values = {
  email: 'ada@example.com', name: 'Ada Lovelace', line1: 'Main Street 1', line2: '', postalCode: '10115', city: 'Berlin', region: '', countryCode: 'DE',
};

const countries = [
  { countryCode: 'DE', postalCodeExample: '10115', postalCodePattern: String.raw`^(?:\d{5})$`, regions: [] },
  { countryCode: 'US', postalCodeExample: '10001', postalCodePattern: String.raw`^(?:\d{5}(?:-\d{4})?)$`, regions: ['NY'] },
  { countryCode: 'HK', postalCodeExample: null, postalCodePattern: null, regions: [] },
];
const check = (values: Values) => checkIn(values, countries);

describe('the checkout form', () => {
  it('accepts a complete address, the second line being optional', () => {
    expect(check(good)).toEqual({});
    expect(toAddress(good, countries).line2).toBeNull();
  });

  it('names every missing field', () => {
    const empty = readValues(new FormData());
    expect(Object.keys(check(empty)).toSorted()).toEqual(['city', 'countryCode', 'email', 'line1', 'name', 'postalCode']);
  });

  it('names a malformed postal code at once with what is missing', () => {
    const errors = check({ ...good, city: '', postalCode: '1011' });
    expect(Object.keys(errors).toSorted()).toEqual(['city', 'postalCode']);
    expect(errors.postalCode).toContain('10115');
    expect(check({ ...good, postalCode: ' 10115 ' })).toEqual({});
  });

  it('asks for a region where mail needs one, and only there', () => {
    expect(Object.keys(check({ ...good, countryCode: 'US' }))).toEqual(['region']);
    expect(check({ ...good, region: 'Ohio', countryCode: 'US' }).region).toContain('NY');
    expect(check({ ...good, region: 'ny', countryCode: 'US' })).toEqual({});
    expect(toAddress({ ...good, region: 'NY', countryCode: 'US' }, countries).region).toBe('NY');
    expect(toAddress({ ...good, region: 'NY' }, countries).region).toBeNull();
  });

  it('asks for a postal code where mail has one, and only there', () => {
    expect(Object.keys(check({ ...good, postalCode: '' }))).toEqual(['postalCode']);
    const there = { ...good, postalCode: '', countryCode: 'HK' };
    expect(check(there)).toEqual({});
    expect(toAddress(there, countries).postalCode).toBeNull();
  });

  it('lists countries by name, and stands at home first', () => {
    expect(byName(countries).map(({ countryCode }) => countryCode)).toEqual(['DE', 'HK', 'US']);
    expect(firstCountry(byName(countries))).toBe('DE');
    expect(firstCountry([countries[1]!])).toBe('US');
  });

  it('takes blanks for nothing', () => {
    const form = new FormData();
    for (const [field, value] of Object.entries(good)) form.set(field, value);
    form.set('city', '   ');
    expect(Object.keys(check(readValues(form)))).toEqual(['city']);
  });

  it.each(['ada', 'ada@', '@example.com', 'ada@example', 'a b@example.com', 'ada@example.com, bob@example.com',
    'a,b@example.com', 'a..b@example.com', '.a@example.com', '"a b"@example.com', 'ada@-', 'ada@-x.com', 'ada@example..com', 'ada@127.0.0.1', 'jürgen@example.com', 'ada@ex ample.com'])(
    'refuses %s as an email address',
    (email) => expect(check({ ...good, email }).email).toBeDefined(),
  );

  it.each(['ada+prints@example.co.uk', "o'neil@example.ie", 'juergen@müller.de'])('accepts %s', (email) =>
    expect(check({ ...good, email })).toEqual({}));

  it('puts Api’s validation beside the fields it is about', () => {
    const problem = { code: 'request.invalid', errors: { 'ShippingAddress.PostalCode': ['…'], Email: ['…'], BasketId: ['…'] } };
    expect(Object.keys(errorsOf(problem)).toSorted()).toEqual(['email', 'postalCode']);
    expect(errorsOf({ code: 'orders.total-changed' })).toEqual({});
  });

  it('refuses a country the list does not have, and text beyond all measure', () => {
    expect(check({ ...good, countryCode: 'XX' }).countryCode).toBeDefined();
    expect(check({ ...good, name: 'x'.repeat(121) }).name).toBeDefined();
  });
});
