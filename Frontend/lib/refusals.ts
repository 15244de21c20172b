/** The words a shopper reads for each of Api's refusal codes. A test of Api's holds every code to be here or in `notForShoppers`. */
const words: Record<string, string> = {
  'products.not-found': 'This piece is no longer in the shop.',
  'products.filter-invalid': 'This choice of filters does not exist.',
  'products.cursor-invalid': 'This page of the list does not exist any more. Please start from the beginning.',
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
  'orders.line-not-for-sale': 'Some pieces in your basket are no longer on sale. Take them out, then order again.',
  'orders.basket-already-ordered': 'This basket has already been ordered.',
  'orders.total-changed': 'The total has changed since you opened this page. Check it, then place the order again.',
  'orders.country-not-served': 'We do not ship to this country yet.',
  'orders.currency-mismatch': 'The total has changed since you opened this page. Check it, then place the order again.',
  'orders.shipping-unavailable': 'This way of sending is no longer possible. Please choose another one.',
  'orders.quantity-not-allowed': 'Some pieces are not sold in the number you chose. Change the basket, then order again.',
  'orders.total-not-chargeable': 'This total is too little or too much for a card. Change what is in your basket, or order it in parts.',
  'orders.already-paid': 'This order is paid already. Write to us if you do not want it any more.',
  'orders.already-shipped': 'This order is on its way already. Write to us if you do not want it any more.',
  'orders.expired': 'This order was not paid in time and has been let go. Please order again.',
  'orders.busy': 'More people order at this moment than we can write down. Nothing was ordered; please try again.',
  'orders.cursor-invalid': 'This page of your orders does not exist any more. Please start from the newest.',
  'payments.already-paid': 'This order is paid already.',
  'payments.gateway-unavailable': 'The payment page cannot be reached just now. Your order is kept; nothing was charged. Please try again.',
  'payments.gateway-refused': 'This order cannot be paid by card as it is. Nothing was charged; please write to us.',
  'payments.order-closed': 'This order does not wait for a payment any more.',
  'idempotency.in-flight': 'Your order is being placed. Give it a moment, then try once more.',
  'idempotency.key-reused': 'This form was sent before with other details. Check them, then place the order again.',
  'accounts.email-taken': 'There is an account with this email address already. Sign in instead.',
  'accounts.password-weak': 'This password is too easy to guess. Please take a longer one.',
  'accounts.sign-in-failed': 'The email address or the password is not right. After too many tries, please wait ten minutes.',
  'accounts.password-wrong': 'Your present password is not right. After too many tries, please wait ten minutes.',
  'accounts.session-ended': 'You have been signed out in the meantime. Please sign in again.',
  'accounts.sign-in-needed': 'Please sign in first.',
  'accounts.sessions-away': 'Nobody can sign in just now. You can still look around and order without an account.',
  'request.too-many': 'That was a lot at once. Please wait a minute, then try again.',
  'request.precondition-failed': 'This was changed at the same moment, here or elsewhere. Please load the page again before you try once more.',
  'request.malformed': 'Something in the form is not right. Please check your details and try again.',
  'request.too-large': 'That is more than we can take at once. Please write less.',
  'request.cross-site': 'This request did not come from our own pages, so we left it alone. Please reload and try again.',
  'service.unavailable': 'The shop cannot reach its books just now. Nothing was changed; please try again in a moment.',
  'service.error': 'Something is wrong on our side. Please try again in a moment.',
  'request.invalid': 'Something in the form is not right. Please check your details and try again.',
};

/** What only staff, machines and programming mistakes meet: no page of the shop leads there. */
export const notForShoppers: ReadonlySet<string> = new Set([
  'accounts.cursor-invalid', 'accounts.forbidden', 'accounts.last-admin', 'accounts.not-found', 'api-keys.invalid', 'api-keys.not-found',
  'audit.cursor-invalid', 'audit.reason-missing', 'request.no-such-address',
  'catalogue.attribute-invalid', 'catalogue.attribute-not-found', 'catalogue.attribute-removed', 'catalogue.collection-by-rule', 'catalogue.cursor-invalid', 'catalogue.description-invalid', 'catalogue.gallery-incomplete', 'catalogue.options-invalid',
  'catalogue.picture-invalid', 'catalogue.picture-not-found', 'catalogue.price-twice', 'catalogue.rule-invalid', 'catalogue.sku-taken', 'catalogue.slug-invalid',
  'catalogue.slug-taken', 'catalogue.tax-class-unknown', 'catalogue.variant-bundled', 'catalogue.variant-not-found',
  'imports.archive-invalid', 'imports.busy', 'imports.file-missing', 'imports.file-too-large', 'imports.not-found', 'imports.upload-broken',
  'jobs.choice-missing', 'jobs.cursor-invalid', 'jobs.not-dead', 'jobs.not-found', 'mail.cursor-invalid', 'mail.address-not-suppressed',
  'orders.fulfilment-not-found', 'orders.line-invalid', 'orders.not-in-stock', 'orders.not-paid', 'orders.paid-back', 'orders.nothing-shipped', 'orders.version-changed',
  'payments.capture-refused', 'payments.difference-changed', 'payments.difference-not-found', 'payments.difference-resolved', 'payments.event-invalid', 'payments.window-invalid', 'payments.capture-under-way', 'payments.cursor-invalid', 'payments.disputed', 'payments.nothing-to-capture',
  'payments.nothing-to-refund', 'payments.refundable', 'payments.refund-too-much', 'payments.signature-invalid',
  'request.precondition-required', 'request.unknown-content-type',
  'shipping.bands-overlap', 'shipping.country-twice', 'shipping.country-unknown', 'shipping.percent-too-fine', 'shipping.vat-missing', 'shipping.currency-unknown', 'shipping.tax-class-in-use', 'shipping.vat-rate-twice', 'shipping.zone-twice',
  'shop.amount-not-chargeable', 'shop.currency-not-sellable', 'shop.own-currency-missing', 'shop.settings-changed',
  'stock.bundle-changed', 'stock.bundle-nested', 'stock.cursor-invalid', 'stock.has-units', 'stock.is-bundle', 'stock.location-in-use', 'stock.location-name-taken',
  'stock.location-not-found', 'stock.no-change', 'stock.same-location', 'stock.too-many', 'stock.units-promised', 'stock.variant-not-found',
  'webhooks.cursor-invalid', 'webhooks.delivery-not-found', 'webhooks.endpoint-disabled', 'webhooks.endpoint-not-found', 'webhooks.url-not-allowed',
]);

const general = 'That did not work. Please check your details and try again.';

export function refusalWords(code: string): string {
  return words[code] ?? general;
}

/** Whether the same idempotency key may be sent again: only while its first request may still be under way. */
export function keepsIdempotencyKey(code: string): boolean {
  return code === 'idempotency.in-flight';
}
