/** Where the shop's shipping zones reach. Api's rates decide; this list only fills the picker. */
const union = [
  'AT', 'BE', 'BG', 'HR', 'CY', 'CZ', 'DK', 'EE', 'FI', 'FR', 'DE', 'GR', 'HU', 'IE', 'IT', 'LV', 'LT', 'LU', 'MT',
  'NL', 'PL', 'PT', 'RO', 'SK', 'SI', 'ES', 'SE',
];
const world = ['AU', 'CA', 'CH', 'GB', 'JP', 'NO', 'NZ', 'US'];
const codes = [...union, ...world];

const names = new Intl.DisplayNames(['en'], { type: 'region' });

export const defaultCountry = 'DE';

export const countries = codes
  .map((code) => ({ code, name: names.of(code) ?? code }))
  .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));

export function countryName(code: string): string {
  return names.of(code) ?? code;
}

export function isCountry(code: string): boolean {
  return codes.includes(code);
}

/** Where mail needs a state or province beside the town. */
export function needsRegion(code: string): boolean {
  return ['AU', 'CA', 'US'].includes(code);
}

/** What the total means at the destination: inside the European Union VAT is in it, elsewhere the parcel is an export. */
export function taxNote(code: string): string {
  return union.includes(code) ? 'Including VAT' : 'No VAT on exports. Your customs office may ask for import duties.';
}
