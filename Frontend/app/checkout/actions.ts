'use server';

import { redirect } from 'next/navigation';
import { currentSession, getBasket, listShippingCountries, listShippingRates, openPaymentSession, placeOrder } from '@/lib/api';
import type { Basket, Money, PlaceOrderRequest, ShippingCountry, ShippingMethod } from '@/lib/api-schemas';
import { currentBasket, forgetBasket, keepOrder } from '@/lib/basket';
import { check, errorsOf, readValues, toAddress, type Errors, type Values } from '@/lib/checkout-form';
import { linesInTheWay, noWayThere, otherBasket, shownLines, signedOut, type ShownLine, type WayOn } from '@/lib/checkout-words';
import { countryName, findCountry } from '@/lib/countries';
import { ApiFailure, Refusal, traceIdOf } from '@/lib/failures';
import { logError } from '@/lib/log';
import { formatMoney } from '@/lib/money';
import { keepsIdempotencyKey, refusalWords } from '@/lib/refusals';

export interface CheckoutState {
  /** Names this attempt: the same key sent twice is one order. A refused attempt is answered with a new key. */
  idempotencyKey: string;
  values: Values;
  errors: Errors;
  message: string;
  /** What the shopper is shown, and therefore what they agree to pay. */
  quote: Quote;
  /** Somebody was signed in when the page was opened. */
  begunSignedIn: boolean;
  /** The way of sending that was asked for last; null before. */
  shippingCode: string | null;
  /** Where the basket is to be found; null while this page has it, or nobody does. */
  wayOn: WayOn | null;
  turn: number;
}

export interface Quote {
  countryCode: string;
  lines: ShownLine[];
  subtotal: Money;
  /** The ways to have it sent, the shop's first choice first. */
  methods: ShippingMethod[];
  /** Why there is no way: the shop does not ship there, or nothing like this basket, or no card can be charged the total. Null where there is one. */
  obstacle: string | null;
  pricesIncludeTax: boolean;
}

const inFlightRetries = 8;
const inFlightDelayMs = 400;

/** Shipping to another country, for the summary beside the form. */
export async function quoteFor(basket: string, countryCode: string): Promise<Quote | null> {
  const found = await getBasket(basket);
  return found && readQuote(found, countryCode);
}

/** What the basket, as it was read just now, comes to there. */
async function readQuote(basket: Basket, countryCode: string): Promise<Quote> {
  const shown = { countryCode, lines: shownLines(basket), subtotal: basket.subtotal };
  if (shown.lines.some(({ obstacle }) => obstacle)) return { ...shown, methods: [], obstacle: linesInTheWay, pricesIncludeTax: basket.pricesIncludeTax };
  try {
    const { items, pricesIncludeTax } = await listShippingRates(countryCode, basket.id);
    return { ...shown, methods: items, obstacle: items.length > 0 ? null : noWayThere, pricesIncludeTax };
  } catch (error) {
    if (error instanceof Refusal) return { ...shown, methods: [], obstacle: refusalWords(error.code), pricesIncludeTax: true };
    throw error;
  }
}

/** What belongs beside a form that names this country: its own fields are asked for, and its own total is agreed to. */
async function quoteThere(basket: string, { countryCode }: Values, countries: readonly ShippingCountry[], quote: Quote): Promise<Quote> {
  if (quote.countryCode === countryCode || !findCountry(countries, countryCode)) return quote;
  return (await quoteFor(basket, countryCode)) ?? quote;
}

/** A double click sends the form twice at once: the second waits for the first one's answer. */
async function placeOnce(key: string, body: PlaceOrderRequest) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await placeOrder(key, body);
    } catch (error) {
      const waiting = error instanceof Refusal && error.code === 'idempotency.in-flight' && attempt < inFlightRetries;
      if (!waiting) throw error;
      await new Promise((resolve) => setTimeout(resolve, inFlightDelayMs));
    }
  }
}

/** Why there is no such basket. To be told to fill it again, while its pieces lie in another or wait in the account, would double the order. */
async function basketGone(basket: string, begunSignedIn: boolean): Promise<Pick<CheckoutState, 'message' | 'wayOn'>> {
  try {
    if (begunSignedIn && !(await currentSession())) return { message: signedOut, wayOn: 'sign-in' };
    const now = await currentBasket();
    if (now && now.id !== basket && now.lines.length > 0) return { message: otherBasket, wayOn: 'basket' };
    return { message: refusalWords('baskets.not-found'), wayOn: null };
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    logError('It could not be told where the basket is', error);
    return { message: refusalWords('service.unavailable'), wayOn: null };
  }
}

/** Places the order, opens its payment and sends the shopper there. */
export async function submitCheckout(previous: CheckoutState, form: FormData): Promise<CheckoutState> {
  const basket = String(form.get('basket') ?? '');
  const key = String(form.get('idempotencyKey') ?? '');
  const shown = { country: String(form.get('shownCountry') ?? ''), shipping: String(form.get('shownShipping') ?? ''), total: Number(form.get('shownTotal')) };
  let shippingCode = String(form.get('shippingCode') ?? '') || null;
  const values = readValues(form);
  let errors: Errors = {};
  const answer = (change: Partial<CheckoutState>): CheckoutState => ({
    ...previous, idempotencyKey: key, values, shippingCode, errors: {}, message: '', wayOn: null, turn: previous.turn + 1, ...change,
  });

  let target: string;
  try {
    const countries = await listShippingCountries();
    errors = check(values, countries);
    if (Object.keys(errors).length > 0) {
      return answer({ errors, message: 'Please correct the fields below.', quote: await quoteThere(basket, values, countries, previous.quote) });
    }
    // Without scripts the total beside the form is that of its last answer, whatever was chosen since.
    if (shown.country !== values.countryCode || shown.shipping !== (shippingCode ?? '')) {
      const current = await getBasket(basket);
      if (!current) return answer(await basketGone(basket, previous.begunSignedIn));
      const quote = await readQuote(current, values.countryCode);
      const method = quote.methods.find(({ code }) => code === shippingCode) ?? quote.methods[0];
      if (!method) return answer({ quote, errors: { countryCode: quote.obstacle ?? noWayThere } });
      shippingCode = method.code;
      if (Number(method.total.amountMinor) !== shown.total) {
        const what = shown.country !== values.countryCode ? `Shipping to ${countryName(values.countryCode)}` : method.title;
        return answer({ quote, message: `${what} makes the total ${formatMoney(method.total)}. If that is right, place the order again.` });
      }
    }
    const order = await placeOnce(key, {
      basketId: basket,
      email: values.email,
      shippingAddress: toAddress(values, countries),
      expectedTotal: { amountMinor: shown.total, currency: previous.quote.subtotal.currency },
      shippingCode,
    });
    await forgetBasket();
    await keepOrder(order.number, order.key);
    target = await paymentUrl(order.number, order.key);
  } catch (error) {
    if (error instanceof ApiFailure) {
      // Whether the order was placed is unknown: the key stays, so trying again finds it instead of doubling it.
      logError('The order could not be placed', error);
      return answer({
        message: `We could not reach our order desk. Nothing was charged. Please try again in a moment. (Trace ${traceIdOf(error)})`,
      });
    }
    if (!(error instanceof Refusal)) throw error;
    const earlier = earlierOrder(error);
    if (earlier) {
      await forgetBasket();
      redirect(earlier);
    }
    const current = await getBasket(basket);
    return answer({
      idempotencyKey: keepsIdempotencyKey(error.code) ? key : crypto.randomUUID(),
      errors: errorsOf(error.details),
      ...(current
        ? { message: refusalWords(error.code), quote: await readQuote(current, values.countryCode) }
        : await basketGone(basket, previous.begunSignedIn)),
    });
  }
  redirect(target);
}

/** The page of the order that this basket has become already, in another tab or by an earlier try. */
function earlierOrder({ code, details }: Refusal): string | null {
  const { orderNumber, orderKey } = details;
  if (code !== 'orders.basket-already-ordered' || typeof orderNumber !== 'string' || typeof orderKey !== 'string') return null;
  return orderPage(orderNumber, orderKey);
}

function orderPage(number: string, key: string): string {
  return `/orders/${encodeURIComponent(number)}?key=${encodeURIComponent(key)}`;
}

/** Where to pay; when the payment cannot be opened now, the order's own page, which offers it again. */
async function paymentUrl(number: string, key: string): Promise<string> {
  try {
    return (await openPaymentSession(number, key)).url;
  } catch (error) {
    if (error instanceof Refusal) return orderPage(number, key);
    if (!(error instanceof ApiFailure)) throw error;
    logError('The payment could not be opened', error);
    return `${orderPage(number, key)}&payment=unavailable`;
  }
}
