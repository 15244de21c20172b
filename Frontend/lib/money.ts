import type { Money } from './api-schemas';

/** The currency of the pages; an order may be in another one. */
export const shopCurrency = 'EUR';

/**
 * Decimals of an amount (ISO 4217) where they are not two. Not asked of Intl, which writes some currencies without the minor units that Api counts in.
 * A test of Api's holds this table against the shop's.
 */
const decimals: Record<string, number> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, MGA: 0, PYG: 0, RWF: 0, UGX: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, JOD: 3, KWD: 3, OMR: 3, TND: 3,
};

const formats = new Map<string, Intl.NumberFormat>();

function format(currency: string, digits = decimalsOf(currency)): Intl.NumberFormat {
  const key = `${currency}/${digits}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.NumberFormat('en-IE', { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(key, found);
  }
  return found;
}

export function decimalsOf(currency: string): number {
  return decimals[currency] ?? 2;
}

/** `€`, `¥`, or the code where people know no sign. */
export function symbolOf(currency: string): string {
  return format(currency).formatToParts(0).find((part) => part.type === 'currency')?.value ?? currency;
}

/** The amount in whole currency units as a decimal string, e.g. `49.00`, for machines (JSON-LD). */
export function toDecimal({ amountMinor, currency }: Money): string {
  const digits = decimalsOf(currency);
  return (Number(amountMinor) / 10 ** digits).toFixed(digits);
}

/** What somebody typed, `19.50`, in minor units. */
export function toMinor(text: string, currency: string): number {
  return Math.round(Number(text) * 10 ** decimalsOf(currency));
}

/** What a field for an amount takes: `19`, `19.50`, `19,50`. */
export function amountPattern(currency: string): string {
  const digits = decimalsOf(currency);
  return digits === 0 ? '\\d{1,7}' : `\\d{1,7}([.,]\\d{1,${digits}})?`;
}

/** `€49.00`: always with the minor unit, for columns that are added up. */
export function formatMoney(money: Money): string {
  return format(money.currency).format(Number(toDecimal(money)));
}

/** `€49`, but `€49.50`: for price tags. */
export function formatPrice(money: Money): string {
  const digits = decimalsOf(money.currency);
  const whole = Number(money.amountMinor) % 10 ** digits === 0;
  return format(money.currency, whole ? 0 : digits).format(Number(toDecimal(money)));
}

/** Adds amounts of one currency; amounts of different currencies have no sum. */
export function addMoney(first: Money, ...rest: Money[]): Money {
  return rest.reduce<Money>((sum, next) => {
    if (next.currency !== sum.currency) throw new RangeError(`Cannot add ${next.currency} to ${sum.currency}`);
    return { amountMinor: Number(sum.amountMinor) + Number(next.amountMinor), currency: sum.currency };
  }, first);
}
