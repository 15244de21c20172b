import type { ShippingAddress } from './api-schemas';
import { isCountry } from './countries';

export const fields = ['email', 'name', 'line1', 'line2', 'postalCode', 'city', 'countryCode'] as const;
export type Field = (typeof fields)[number];
export type Values = Record<Field, string>;
export type Errors = Partial<Record<Field, string>>;

const maxLength = 200;
// One @, something on both sides, a dot in the domain. Whether the address receives mail only the receipt can tell.
const email = /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/;

export function readValues(form: FormData): Values {
  return Object.fromEntries(fields.map((field) => [field, String(form.get(field) ?? '').trim()])) as Values;
}

/** What is wrong with the form, in the words the shopper reads, by field. */
export function check(values: Values): Errors {
  const errors: Errors = {};
  const require = (field: Field, message: string) => {
    if (!values[field]) errors[field] = message;
  };
  require('email', 'Enter your email address.');
  require('name', 'Enter the name for the parcel.');
  require('line1', 'Enter the street and number.');
  require('postalCode', 'Enter the postal code.');
  require('city', 'Enter the town or city.');
  if (values.email && !email.test(values.email)) errors.email = 'Enter an email address like name@example.com.';
  if (!isCountry(values.countryCode)) errors.countryCode = 'Choose a country from the list.';
  for (const field of fields) {
    if (values[field].length > maxLength) errors[field] = `Use at most ${maxLength} characters.`;
  }
  return errors;
}

export function toAddress(values: Values): ShippingAddress {
  const { name, line1, line2, postalCode, city, countryCode } = values;
  return { name, line1, line2: line2 || null, postalCode, city, countryCode };
}
