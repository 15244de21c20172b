import type { ShippingAddress, ShippingCountry } from './api-schemas';
import { findCountry, needsRegion, postalCodeError, regionError } from './countries';
import { isMailAddress, maxMailAddress } from './mail-address';

export const fields = ['email', 'name', 'line1', 'line2', 'postalCode', 'city', 'region', 'countryCode'] as const;
export type Field = (typeof fields)[number];
export type Values = Record<Field, string>;
export type Errors = Partial<Record<Field, string>>;

/** As Api's document limits them. */
export const maxLengths: Record<Field, number> = {
  email: maxMailAddress, name: 120, line1: 120, line2: 120, postalCode: 16, city: 120, region: 8, countryCode: 2,
};

export function readValues(form: FormData): Values {
  return Object.fromEntries(fields.map((field) => [field, String(form.get(field) ?? '').trim()])) as Values;
}

/** What is wrong with the form, in the words the shopper reads, by field. */
export function check(values: Values, countries: readonly ShippingCountry[]): Errors {
  const errors: Errors = {};
  const country = findCountry(countries, values.countryCode);
  const note = (field: Field, message: string | null | false) => {
    if (message) errors[field] = message;
  };
  note('email', !isMailAddress(values.email) && (values.email ? 'Enter an email address like name@example.com.' : 'Enter your email address.'));
  note('name', !values.name && 'Enter the name for the parcel.');
  note('line1', !values.line1 && 'Enter the street and number.');
  note('postalCode', postalCodeError(country, values.postalCode));
  note('city', !values.city && 'Enter the town or city.');
  note('region', regionError(country, values.region));
  note('countryCode', !country && 'Choose a country from the list.');
  for (const field of fields) {
    if (values[field].length > maxLengths[field]) errors[field] ??= `Use at most ${maxLengths[field]} characters.`;
  }
  return errors;
}

export function toAddress(values: Values, countries: readonly ShippingCountry[]): ShippingAddress {
  const { name, line1, line2, postalCode, city, region, countryCode } = values;
  const isInRegion = needsRegion(findCountry(countries, countryCode));
  return { name, line1, line2: line2 || null, postalCode: postalCode || null, city, region: isInRegion ? region : null, countryCode };
}

/** Api's own validation, by field: `{"errors":{"ShippingAddress.PostalCode":["…"],"Email":["…"]}}`. */
export function errorsOf(problem: Record<string, unknown>): Errors {
  const found: Errors = {};
  if (!problem.errors || typeof problem.errors !== 'object') return found;
  for (const name of Object.keys(problem.errors)) {
    const last = name.split('.').at(-1)!.toLowerCase();
    const field = fields.find((known) => known.toLowerCase() === last);
    if (field) found[field] = 'This does not look right to us. Please check it.';
  }
  return found;
}
