import type { BasketLine, Variant } from './api-schemas';

/** What the product's page says of the chosen variant. */
export function availabilityWords(variant?: Pick<Variant, 'available' | 'stockLeft' | 'backorder'>): string {
  if (!variant) return 'This combination does not exist';
  if (!variant.available) return variant.stockLeft === null ? 'Sold out in this choice' : `Only ${variant.stockLeft} left, fewer than we sell at once`;
  if (variant.backorder) return 'Not on the shelf just now. You can order it; we send it as soon as it is made';
  if (variant.stockLeft !== null) return `Only ${variant.stockLeft} left`;
  return 'In stock, leaves the studio in two working days';
}

/** What the basket says of a line that is sold before all of it is there; null of any other. */
export function backorderWords({ backorder, quantity }: Pick<BasketLine, 'backorder' | 'quantity'>): string | null {
  if (!backorder) return null;
  return Number(quantity) > 1 ? 'Not all of these are on the shelf; we send them as soon as they are made' : 'Not on the shelf just now; we send it as soon as it is made';
}
