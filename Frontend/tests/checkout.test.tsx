import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { quoteFor, submitCheckout, type CheckoutState } from '@/app/checkout/actions';
import { callOff } from '@/app/orders/[number]/actions';
import { CheckoutForm } from '@/components/CheckoutForm';
import { confirmPayment, getProduct } from '@/lib/api';
import { linesInTheWay, noWayThere, otherBasket, signedOut } from '@/lib/checkout-words';
import { ApiFailure } from '@/lib/failures';
import { refusalWords } from '@/lib/refusals';

/** The cookies of one browser: outside Next.js there is no request to have them. */
const jar = vi.hoisted(() => new Map<string, string>());
vi.mock('next/headers', () => ({
  cookies: async () => ({ get: (name: string) => (jar.has(name) ? { name, value: jar.get(name) } : undefined), has: (name: string) => jar.has(name) }),
}));

const euro = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const line = (title: string, backorder = false, obstacle: string | null = null) => ({
  variantId: title, title, variantTitle: '', image: null, quantity: 1, minQuantity: 1, maxQuantity: 9, quantityStep: 1, lineTotal: euro(1000), backorder, obstacle,
});
const countries = [
  { countryCode: 'DE', postalCodeExample: '10178', postalCodePattern: null, regions: [] },
  { countryCode: 'US', postalCodeExample: '10001', postalCodePattern: null, regions: ['NJ', 'NY'] },
];

interface Answer {
  status: number;
  body: unknown;
}

/** What Api answers by the first words of a request; null: nothing, ever. */
const answers = new Map<string, Answer | null>();
const asked: string[] = [];
const says = (request: string, status: number, body: unknown) => answers.set(request, { status, body });
const basketOf = (...lines: ReturnType<typeof line>[]) => ({ id: 'b1', lines, itemCount: lines.length, subtotal: euro(1000 * lines.length), currency: 'EUR', pricesIncludeTax: true });
const rates = (total: number) => ({
  countryCode: 'DE', currency: 'EUR', pricesIncludeTax: true,
  items: [{ code: 'standard', title: 'Parcel', price: euro(490), taxIncluded: euro(238), total: euro(total) }],
});

const api: Server = createServer((request, response) => {
  request.resume();
  const name = `${request.method} ${request.url}`;
  asked.push(name);
  const known = [...answers].find(([start]) => name.startsWith(start));
  if (known?.[1] === null) return;
  const { status, body } = known?.[1] ?? { status: 404, body: { code: 'baskets.not-found' } };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});

/** Calls of Api are traced in the context of what makes them; nothing of it is sent anywhere. */
const telemetry = new NodeSDK({ autoDetectResources: false, spanProcessors: [], metricReaders: [], logRecordProcessors: [] });

beforeAll(async () => {
  telemetry.start();
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  process.env['services__api__http__0'] = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
afterAll(async () => {
  api.closeAllConnections();
  api.close();
  await telemetry.shutdown();
});
beforeEach(() => {
  answers.clear();
  jar.clear();
  asked.length = 0;
  says('GET /api/v1/shipping-countries', 200, { items: countries });
  says('GET /api/v1/baskets/b1', 200, basketOf(line('Tide')));
  says('GET /api/v1/shipping-rates', 200, rates(1490));
});

const opened = async (begunSignedIn = false): Promise<CheckoutState> => ({
  idempotencyKey: 'k1', values: {} as CheckoutState['values'], errors: {}, message: '', quote: (await quoteFor('b1', 'DE'))!, begunSignedIn, shippingCode: null, wayOn: null, turn: 0,
});

const form = (shownCountry = 'DE') => {
  const filled = new FormData();
  const fields = {
    basket: 'b1', idempotencyKey: 'k1', shownCountry, shownTotal: '1490', shownShipping: 'standard', shippingCode: 'standard',
    email: 'ann@example.com', name: 'Ann', line1: 'Karl-Marx-Allee 1', line2: '', postalCode: '10178', city: 'Berlin', region: '', countryCode: 'DE',
  };
  for (const [name, value] of Object.entries(fields)) filled.set(name, value);
  return filled;
};

const drawn = (state: CheckoutState) =>
  renderToStaticMarkup(<CheckoutForm basketId="b1" quote={state.quote} idempotencyKey="k1" countries={countries} email="" begunSignedIn={false} />);

describe('the checkout', () => {
  it('shows what is in the basket by now beside the total of by now', async () => {
    const state = await opened();
    says('GET /api/v1/baskets/b1', 200, basketOf(line('Tide'), line('Mug')));
    says('GET /api/v1/shipping-rates', 200, rates(2490));
    says('POST /api/v1/orders', 409, { code: 'orders.total-changed' });
    for (const country of ['DE', 'AT']) {
      const next = await submitCheckout(state, form(country));
      expect(next.quote.lines.map(({ title }) => title)).toEqual(['Tide', 'Mug']);
      expect(drawn(next)).toMatch(/Mug.*€24\.90/);
      expect(next.message).toContain('total');
    }
  });

  it('notes beside a line that it is sent once it is made', async () => {
    says('GET /api/v1/baskets/b1', 200, basketOf(line('Tide', true)));
    expect(drawn(await opened())).toContain('Not on the shelf just now; we send it as soon as it is made');
    says('GET /api/v1/baskets/b1', 200, basketOf(line('Tide')));
    expect(drawn(await opened())).not.toContain('on the shelf');
  });

  it('answers wrong fields with what belongs to the country they name', async () => {
    const state = await opened();
    answers.delete('GET /api/v1/shipping-rates');
    says('GET /api/v1/shipping-rates?countryCode=US', 200, { ...rates(2990), countryCode: 'US' });
    const filled = form('US');
    filled.set('countryCode', 'US');
    const next = await submitCheckout(state, filled);
    expect(next.errors.region).toContain('NJ or NY');
    expect(next.quote).toMatchObject({ countryCode: 'US', methods: [{ total: euro(2990) }] });
    expect(drawn(next)).toMatch(/State or province.*€29\.90/);
    filled.set('countryCode', 'XX');
    expect((await submitCheckout(state, filled)).quote.countryCode).toBe('DE');
  });

  it('keeps the way of sending that was chosen, and asks again where the total shown was that of another', async () => {
    const ways = { ...rates(1490), items: [...rates(1490).items, { ...rates(2290).items[0], code: 'express', title: 'Express' }] };
    says('GET /api/v1/shipping-rates', 200, ways);
    says('POST /api/v1/orders', 409, { code: 'orders.total-changed' });
    const filled = form();
    filled.set('shippingCode', 'express');
    const unseen = await submitCheckout(await opened(), filled);
    expect(unseen.message).toBe('Express makes the total €22.90. If that is right, place the order again.');
    expect(asked.some((request) => request.startsWith('POST'))).toBe(false);

    filled.set('shownShipping', 'express');
    filled.set('shownTotal', '2290');
    filled.set('postalCode', '');
    const wrong = await submitCheckout(await opened(), filled);
    expect(wrong).toMatchObject({ shippingCode: 'express', errors: { postalCode: expect.any(String) } });
    filled.set('postalCode', '10178');
    await submitCheckout(wrong, filled);
    expect(asked.filter((request) => request.startsWith('POST'))).toHaveLength(1);
  });

  it('says beside a line why it cannot be ordered, and no amount where the subtotal has none of it', async () => {
    says('GET /api/v1/baskets/b1', 200, { ...basketOf(line('Tide', false, 'not-on-sale')), subtotal: euro(0) });
    const page = drawn(await opened());
    expect(page).toContain('No longer in the shop');
    expect(page).not.toContain('€10.00');
    expect(page).toContain(linesInTheWay);
    expect(page).toMatch(/<button[^>]* disabled=""[^>]*>Place order and pay/);
  });

  it('tells a country that is served from a parcel that cannot go there', async () => {
    says('GET /api/v1/shipping-rates', 200, { ...rates(0), items: [] });
    expect((await opened()).quote.obstacle).toBe(noWayThere);
    says('GET /api/v1/shipping-rates', 422, { code: 'orders.country-not-served' });
    expect((await opened()).quote.obstacle).toBe(refusalWords('orders.country-not-served'));
  });
});

describe('a checkout whose basket is not there any more', () => {
  const goneOf = async (begunSignedIn: boolean, country: string) => {
    says('GET /api/v1/baskets/b1', 200, basketOf(line('Tide')));
    const state = await opened(begunSignedIn);
    says('GET /api/v1/baskets/b1', 404, { code: 'baskets.not-found' });
    says('POST /api/v1/orders', 404, { code: 'orders.basket-not-found' });
    return submitCheckout(state, form(country));
  };

  it('says that one was signed out, where one was, and never to fill the basket again then', async () => {
    says('GET /api/v1/session', 401, { code: 'accounts.sign-in-needed' });
    for (const country of ['DE', 'AT']) expect(await goneOf(true, country)).toMatchObject({ message: signedOut, wayOn: 'sign-in' });
    says('GET /api/v1/session', 503, { code: 'accounts.sessions-away' });
    expect(await goneOf(true, 'DE')).toMatchObject({ message: refusalWords('service.unavailable'), wayOn: null });
  });

  it('says that it was emptied to guests, and to who is still signed in', async () => {
    says('GET /api/v1/session', 401, { code: 'accounts.sign-in-needed' });
    for (const country of ['DE', 'AT']) expect(await goneOf(false, country)).toMatchObject({ message: refusalWords('baskets.not-found'), wayOn: null });
    says('GET /api/v1/session', 200, { email: 'ann@example.com' });
    expect(await goneOf(true, 'DE')).toMatchObject({ message: refusalWords('baskets.not-found'), wayOn: null });
  });
});

describe('a basket that went into another one', () => {
  it('is not filled again: who signed in meanwhile has its pieces already', async () => {
    const state = await opened();
    says('GET /api/v1/baskets/b1', 404, { code: 'baskets.not-found' });
    says('GET /api/v1/baskets/b2', 200, { ...basketOf(line('Tide')), id: 'b2' });
    says('POST /api/v1/orders', 404, { code: 'orders.basket-not-found' });
    jar.set('basket', 'b2');
    expect(await submitCheckout(state, form())).toMatchObject({ message: otherBasket, wayOn: 'basket' });
    says('GET /api/v1/baskets/b2', 200, { ...basketOf(), id: 'b2' });
    expect(await submitCheckout(state, form())).toMatchObject({ message: refusalWords('baskets.not-found'), wayOn: null });
  });
});

describe('an Api that does not answer', () => {
  it('is asked once more where it failed at once, and not where it let us wait', async () => {
    says('GET /api/v1/products/broken', 503, { code: 'service.unavailable' });
    await expect(getProduct('broken')).rejects.toThrow(ApiFailure);
    expect(asked).toHaveLength(2);

    const limit = AbortSignal.timeout.bind(AbortSignal);
    const short = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => limit(100));
    answers.set('GET /api/v1/products/silent', null);
    await expect(getProduct('silent')).rejects.toThrow(ApiFailure);
    short.mockRestore();
    expect(asked).toHaveLength(3);
  });
});

describe('a slow Stripe', () => {
  it('keeps nobody waiting for longer than two seconds, and is not asked again at once', async () => {
    answers.set('POST /api/v1/orders/OG-1/payment-confirmation', null);
    const started = performance.now();
    await expect(confirmPayment('OG-1', 'key')).rejects.toThrow(ApiFailure);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(asked).toHaveLength(1);
  });

  it('leaves open what became of a cancellation', async () => {
    const wish = new FormData();
    wish.set('number', 'OG-1');
    wish.set('key', 'key');
    const target = async () => callOff(wish).then(() => '', (error: { digest: string }) => error.digest);
    says('POST /api/v1/orders/OG-1/cancellation', 503, { code: 'payments.gateway-unavailable' });
    expect(await target()).toContain('/orders/OG-1?key=key&cancellation=unanswered');
    says('POST /api/v1/orders/OG-1/cancellation', 429, { code: 'request.too-many' });
    expect(await target()).toContain('&refused=request.too-many');
    says('POST /api/v1/orders/OG-1/cancellation', 409, { code: 'orders.already-paid' });
    expect(await target()).toContain('&refused=orders.already-paid');
  });
});
