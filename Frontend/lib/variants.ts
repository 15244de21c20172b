import type { Product, Variant } from './api-schemas';

type Choice = readonly string[];

/** The variant with exactly these option values, in the product's option order. */
export function findVariant(variants: readonly Variant[], choice: Choice): Variant | undefined {
  return variants.find((variant) => variant.options.every((value, index) => value === choice[index]));
}

/** What is chosen when the page opens: the asked-for variant (id or SKU), else the first variant that can be bought, else the first. */
export function openingChoice(product: Pick<Product, 'variants'>, asked?: string): string[] {
  const variant =
    product.variants.find((candidate) => asked && (candidate.id === asked || candidate.sku === asked)) ??
    product.variants.find((candidate) => candidate.available) ??
    product.variants[0];
  return [...(variant?.options ?? [])];
}

export type ValueState = 'available' | 'sold-out' | 'missing';

/** How one value of one option would do, everything else staying as chosen. */
export function valueState(variants: readonly Variant[], choice: Choice, option: number, value: string): ValueState {
  const variant = findVariant(variants, choice.with(option, value));
  if (!variant) return 'missing';
  return variant.available ? 'available' : 'sold-out';
}

/**
 * Takes a new value for one option. Where no variant has the whole new choice, the others move to the nearest variant
 * that has the new value, so that a shopper is never left with a choice that does not exist.
 */
export function choose(variants: readonly Variant[], choice: Choice, option: number, value: string): string[] {
  const wanted = choice.with(option, value);
  if (findVariant(variants, wanted)) return wanted;
  const kept = (variant: Variant) => variant.options.filter((other, index) => other === wanted[index]).length;
  const candidates = variants.filter((variant) => variant.options[option] === value);
  const nearest = candidates.toSorted(
    (a, b) => Number(b.available) - Number(a.available) || kept(b) - kept(a),
  )[0];
  return nearest ? [...nearest.options] : wanted;
}
