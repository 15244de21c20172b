import type { ShippingAddress, ShippingCountry } from './api-schemas';

const names = new Intl.DisplayNames(['en'], { type: 'region' });

/** What the picker stands at first, where the shop delivers there. */
const home = 'DE';

export function countryName(code: string): string {
  return names.of(code) ?? code;
}

export function firstCountry(countries: readonly ShippingCountry[]): string {
  return (findCountry(countries, home) ?? countries[0])?.countryCode ?? home;
}

export function findCountry(countries: readonly ShippingCountry[], code: string): ShippingCountry | undefined {
  return countries.find(({ countryCode }) => countryCode === code);
}

export function byName(countries: readonly ShippingCountry[]): ShippingCountry[] {
  return countries.toSorted((a, b) => countryName(a.countryCode).localeCompare(countryName(b.countryCode), 'en'));
}

/** Where the postal code stands behind the town; elsewhere it stands before it. */
const codeLast = ['AU', 'CA', 'GB', 'IE', 'US'];

/** An address line by line, as a parcel wears it. The mails of an order write it alike. */
export function addressLines({ name, line1, line2, postalCode, city, region, countryCode }: ShippingAddress): string[] {
  const town = codeLast.includes(countryCode) ? [city, region, postalCode] : [postalCode, city, region];
  return [name, line1, line2, town.filter(Boolean).join(' '), countryName(countryCode)].filter((line): line is string => Boolean(line));
}

/** Whether mail needs a postal code there. */
export function needsPostalCode(country: ShippingCountry | undefined): boolean {
  return country?.postalCodeExample !== null;
}

/** Whether mail needs a state or province there beside the town. */
export function needsRegion(country: ShippingCountry | undefined): boolean {
  return (country?.regions.length ?? 0) > 0;
}

/** What is wrong with a postal code there, in the words the shopper reads; null when nothing is. */
export function postalCodeError(country: ShippingCountry | undefined, postalCode: string): string | null {
  const { postalCodeExample: example, postalCodePattern: pattern } = country ?? {};
  if (!postalCode) return needsPostalCode(country) ? `Enter the postal code${example ? `, such as ${example}` : ''}.` : null;
  return !pattern || new RegExp(pattern).test(postalCode.trim().toUpperCase().split(/ +/).join(' ')) ? null : `Postal codes there look like ${example}.`;
}

/** The same for a state or province. */
export function regionError(country: ShippingCountry | undefined, region: string): string | null {
  if (!needsRegion(country) || country!.regions.includes(region.toUpperCase())) return null;
  return `Enter the state or province by its letters, such as ${country!.regions.slice(-2).join(' or ')}.`;
}
