/** The words a shopper reads for each of Api's refusal codes. A code without words gets the general sentence. */
const words: Record<string, string> = {
  'products.not-found': 'This piece is no longer in the shop.',
  'products.filter-invalid': 'This choice of filters does not exist.',
  'collections.not-found': 'This collection has been put away.',
  'baskets.not-found': 'Your basket was emptied in the meantime. Please add the pieces again.',
  'baskets.variant-not-found': 'That choice does not exist any more. Please pick another one.',
  'baskets.quantity-unavailable': 'We do not have that many of this choice. Please take fewer, or pick another one.',
  'baskets.quantity-not-allowed': 'This choice is not sold in that number. Please take another quantity.',
  'baskets.currency-unknown': 'We do not sell in this currency.',
  'baskets.no-price-in-currency': 'This choice is not sold in the currency of your basket.',
  'baskets.full': 'Your basket is full. Order what is in it first, or take something out.',
  'orders.not-found': 'We know no order with this number and key.',
  'orders.out-of-stock': 'Some pieces in your basket have just been sold. Change the basket, then order again.',
  'orders.basket-not-found': 'Your basket was emptied in the meantime. Please add the pieces again.',
  'orders.basket-empty': 'Your basket is empty.',
  'orders.basket-already-ordered': 'This basket has already been ordered.',
  'orders.total-changed': 'The total has changed since you opened this page. Check it, then place the order again.',
  'orders.country-not-served': 'We do not ship to this country yet.',
  'orders.currency-mismatch': 'The total has changed since you opened this page. Check it, then place the order again.',
  'orders.shipping-unavailable': 'This way of sending is no longer possible. Please choose another one.',
  'orders.quantity-not-allowed': 'Some pieces are not sold in the number you chose. Change the basket, then order again.',
  'payments.already-paid': 'This order is paid already.',
  'payments.order-closed': 'This order does not wait for a payment any more.',
  'idempotency.in-flight': 'Your order is being placed. Give it a moment, then try once more.',
  'idempotency.key-reused': 'This form was sent before with other details. Check them, then place the order again.',
  'request.invalid': 'Something in the form is not right. Please check your details and try again.',
};

const general = 'That did not work. Please check your details and try again.';

export function refusalWords(code: string): string {
  return words[code] ?? general;
}

/** Whether the same idempotency key may be sent again: only while its first request may still be under way. */
export function keepsIdempotencyKey(code: string): boolean {
  return code === 'idempotency.in-flight';
}
