import type { BasketLine, Variant } from './api-schemas';
import { quantityWords } from './quantities';

/** What the product's page says of the chosen variant. */
export function availabilityWords(variant?: Pick<Variant, 'available' | 'stockLeft' | 'backorder' | 'options'>): string {
  if (!variant) return 'This combination does not exist';
  if (!variant.available) {
    if (variant.stockLeft !== null) return `Only ${variant.stockLeft} left, fewer than we sell at once`;
    return variant.options.length > 0 ? 'Sold out in this choice' : 'Sold out';
  }
  if (variant.backorder) return 'Not on the shelf just now. You can order it; we send it as soon as it is made';
  if (variant.stockLeft !== null) return `Only ${variant.stockLeft} left`;
  return 'In stock, leaves the studio in two working days';
}

/** What the basket says of a line that is sold before all of it is there; null of any other. */
export function backorderWords({ backorder, quantity }: Pick<BasketLine, 'backorder' | 'quantity'>): string | null {
  if (!backorder) return null;
  return Number(quantity) > 1 ? 'Not all of these are on the shelf; we send them as soon as they are made' : 'Not on the shelf just now; we send it as soon as it is made';
}

/** Why a line of the basket cannot be ordered as it is; null where it can. */
export function obstacleWords(line: Pick<BasketLine, 'obstacle' | 'minQuantity' | 'maxQuantity' | 'quantityStep'>): string | null {
  switch (line.obstacle) {
    case null:
      return null;
    case 'not-on-sale':
      return 'No longer in the shop';
    case 'no-price-in-currency':
      return 'Not sold in the currency of this basket';
    case 'quantity-not-allowed':
      return ['Not sold in this number.', quantityWords(line)].filter(Boolean).join(' ');
    default:
      return Number(line.maxQuantity) > 0 ? `Only ${line.maxQuantity} left` : 'Sold out';
  }
}

/** What a line adds to the subtotal; null where it is no longer sold, whatever it cost. */
export const countedTotal = ({ obstacle, lineTotal }: Pick<BasketLine, 'obstacle' | 'lineTotal'>) => (obstacle === 'not-on-sale' ? null : lineTotal);
