import type { ShippingCountry } from './api-schemas';

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

/** Whether mail needs a postal code there. */
export function needsPostalCode(country: ShippingCountry | undefined): boolean {
  return country?.postalCodeExample !== null;
}

/** Whether mail needs a state or province there beside the town. */
export function needsRegion(country: ShippingCountry | undefined): boolean {
  return (country?.regions.length ?? 0) > 0;
}
