import type { BasketLine, Variant } from './api-schemas';

/** In which numbers a variant is sold: from the least, in steps, up to the most. */
export type QuantityRule = Pick<Variant, 'minQuantity' | 'maxQuantity' | 'quantityStep'>;

/** How many quantities a list offers on each side of the one that is chosen: each choice moves it, so every allowed one can be reached. */
const shownEachWay = 10;

/** What one more click asks for, on top of what the basket holds: the least, later a step; null when the basket holds all that is sold at once. */
export function nextQuantity(rule: QuantityRule, held: number): number | null {
  const [min, step] = [Number(rule.minQuantity), Number(rule.quantityStep)];
  const next = held < min ? min : min + (Math.floor((held - min) / step) + 1) * step;
  return next <= Number(rule.maxQuantity) ? next : null;
}

/** What the basket offers for a line: allowed quantities around the one it has, the least among them, and that one itself even where it is not allowed. */
export function offeredQuantities(line: QuantityRule & Pick<BasketLine, 'quantity'>): number[] {
  const [min, max, step, quantity] = [Number(line.minQuantity), Number(line.maxQuantity), Number(line.quantityStep), Number(line.quantity)];
  const last = Math.floor((max - min) / step);
  const here = Math.min(Math.max(0, Math.floor((quantity - min) / step)), last);
  const offered = new Set([quantity]);
  if (last >= 0) offered.add(min);
  for (let index = Math.max(0, here - shownEachWay); index <= Math.min(last, here + shownEachWay); index++) offered.add(min + index * step);
  return [...offered].sort((a, b) => a - b);
}

/** How a variant is sold, where that is not piece by piece; null where it is. */
export function quantityWords({ minQuantity, quantityStep }: QuantityRule): string | null {
  const [min, step] = [Number(minQuantity), Number(quantityStep)];
  if (min <= 1 && step <= 1) return null;
  return step > 1 ? `Sold from ${min}, in steps of ${step}.` : `Sold from ${min}.`;
}

/** `1 piece`, `12 pieces` */
export function pieces(count: number | string): string {
  return Number(count) === 1 ? '1 piece' : `${count} pieces`;
}
