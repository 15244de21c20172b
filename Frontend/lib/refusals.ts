/** The words a shopper reads for each of Api's refusal codes. A code without words gets the general sentence. */
const words: Record<string, string> = {
  'products.not-found': 'This piece is no longer in the shop.',
  'variants.not-found': 'That choice does not exist any more. Pick another size or finish.',
  'collections.not-found': 'This collection has been put away.',
  'baskets.not-found': 'Your basket was emptied in the meantime. Please add the pieces again.',
  'baskets.variant-not-found': 'That choice does not exist any more. Pick another size or finish.',
  'baskets.out-of-stock': 'The last one has just gone. We have none left of this choice.',
  'baskets.quantity-too-high': 'We do not have that many. Please choose a smaller number.',
  'baskets.quantity-out-of-range': 'We do not have that many. Please choose a smaller number.',
  'baskets.already-ordered': 'This basket has already been ordered.',
  'orders.out-of-stock': 'Some pieces in your basket have just been sold. Change the basket, then order again.',
  'orders.basket-not-found': 'Your basket was emptied in the meantime. Please add the pieces again.',
  'orders.basket-empty': 'Your basket is empty.',
  'orders.basket-already-ordered': 'This basket has already been ordered. You will find the order in its confirmation.',
  'orders.total-changed': 'The total has changed since you opened this page. Check it, then place the order again.',
  'orders.not-found': 'We know no order with this number and key.',
  'orders.not-awaiting-payment': 'This order does not wait for a payment any more.',
  'orders.cancelled': 'This order was cancelled.',
  'orders.expired': 'This order was not paid in time and has been let go.',
  'orders.already-paid': 'This order is paid already.',
  'orders.country-not-served': 'We do not ship to this country yet.',
  'shipping.country-not-served': 'We do not ship to this country yet.',
  'shipping.no-rate': 'We do not ship to this country yet.',
  'idempotency.in-flight': 'Your order is being placed. Give it a moment, then try once more.',
  'idempotency.key-reused': 'This form was sent before with other details. Check them, then place the order again.',
};

const general = 'That did not work. Please check your details and try again.';

export function refusalWords(code: string): string {
  return words[code] ?? general;
}

/** Whether the same idempotency key may be sent again: only while its first request may still be under way. */
export function keepsIdempotencyKey(code: string): boolean {
  return code === 'idempotency.in-flight';
}
