import type { BasketLine, Variant } from './api-schemas';

/** Whether the least that is sold of a variant can be had, as far as is told. */
export function canBeBought({ available, stockLeft, minQuantity }: Pick<Variant, 'available' | 'stockLeft' | 'minQuantity'>): boolean {
  return available && (stockLeft === null || Number(stockLeft) >= Number(minQuantity));
}

/** What the product's page says of the chosen variant. */
export function availabilityWords(variant?: Pick<Variant, 'available' | 'stockLeft' | 'minQuantity' | 'backorder'>): string {
  if (!variant) return 'This combination does not exist';
  if (!variant.available) return 'Sold out in this choice';
  if (variant.backorder) return 'Not on the shelf just now. You can order it; we send it as soon as it is made';
  if (!canBeBought(variant)) return `Only ${variant.stockLeft} left, fewer than we sell at once`;
  if (variant.stockLeft !== null) return `Only ${variant.stockLeft} left`;
  return 'In stock, leaves the studio in two working days';
}

/** What the basket says of a line that is sold before all of it is there; null of any other. */
export function backorderWords({ backorder, quantity }: Pick<BasketLine, 'backorder' | 'quantity'>): string | null {
  if (!backorder) return null;
  return Number(quantity) > 1 ? 'Not all of these are on the shelf; we send them as soon as they are made' : 'Not on the shelf just now; we send it as soon as it is made';
}
