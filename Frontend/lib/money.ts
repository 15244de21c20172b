import type { Money } from './api-schemas';

const formats = new Map<string, Intl.NumberFormat>();

function format(currency: string, digits?: number): Intl.NumberFormat {
  const key = `${currency}/${digits ?? ''}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.NumberFormat('en-IE', {
      style: 'currency',
      currency,
      ...(digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    });
    formats.set(key, found);
  }
  return found;
}

function minorDigits(currency: string): number {
  return format(currency).resolvedOptions().maximumFractionDigits ?? 2;
}

/** The amount in whole currency units as a decimal string, e.g. `49.00`, for machines (JSON-LD). */
export function toDecimal({ amountMinor, currency }: Money): string {
  const digits = minorDigits(currency);
  return (Number(amountMinor) / 10 ** digits).toFixed(digits);
}

/** `€49.00`: always with the minor unit, for columns that are added up. */
export function formatMoney(money: Money): string {
  return format(money.currency).format(Number(toDecimal(money)));
}

/** `€49`, but `€49.50`: for price tags. */
export function formatPrice(money: Money): string {
  const digits = minorDigits(money.currency);
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
