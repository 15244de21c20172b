import 'server-only';
import {
  context, createContextKey, metrics, propagation, SpanKind, SpanStatusCode, trace, type Attributes, type Histogram,
} from '@opentelemetry/api';
import createClient, { type Middleware } from 'openapi-fetch';
import { cache } from 'react';
import type { paths } from './api-types';
import type {
  Basket, Collection, FacetList, MyOrders, Order, OrderQuote, PlaceOrderRequest, Product, ProductPage, Session, ShippingCountry,
} from './api-schemas';
import { pageSize, queryOf, type ListState } from './catalog';
import { kindsOf } from './facets';
import { ApiFailure, Refusal } from './failures';
import { keepSession, sessionHeader, shopperHeader } from './session';

/** The only caller of Api. Every call has a time-out, carries the trace on, and fails as a Refusal or an ApiFailure. */

const readTimeoutMs = 10_000;
const writeTimeoutMs = 20_000;
/** How long a page waits for what Stripe is asked on its behalf: it looks again by itself. */
const confirmTimeoutMs = 1_500;
const retryDelayMs = 250;

const calledKey = createContextKey('frontend.called');

const naming: Middleware = {
  onRequest({ request, schemaPath }) {
    const called = { 'http.request.method': request.method, 'url.template': schemaPath };
    Object.assign(context.active().getValue(calledKey) as Attributes, called);
    trace.getActiveSpan()?.updateName(`${request.method} ${schemaPath}`).setAttributes({
      ...called,
      'url.full': request.url.split('?')[0],
    });
  },
};

let durations: Histogram | undefined;

/** Made at the first call: the meter provider starts after this module is loaded. */
function record(startedMs: number, attributes: Attributes) {
  durations ??= metrics.getMeter('frontend').createHistogram('http.client.request.duration', {
    unit: 's',
    description: 'How long Api takes to answer',
  });
  durations.record((performance.now() - startedMs) / 1000, attributes);
}

let client: ReturnType<typeof createClient<paths>> | undefined;

function api() {
  if (!client) {
    const baseUrl = process.env['services__api__http__0'];
    if (!baseUrl) throw new Error('services__api__http__0 is not set: the storefront does not know where Api is.');
    client = createClient<paths>({ baseUrl });
    client.use(naming);
  }
  return client;
}

interface CallOptions {
  signal: AbortSignal;
  cache: RequestCache;
  headers: Record<string, string>;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

interface Problem {
  code?: string;
  title?: string;
  detail?: string;
}

async function call<T>(send: (options: CallOptions) => Promise<Answer<T>>, timeoutMs: number): Promise<T> {
  const called: Attributes = {};
  const started = performance.now();
  const scope = context.active().setValue(calledKey, called);
  return trace.getTracer('frontend').startActiveSpan('Api', { kind: SpanKind.CLIENT }, scope, async (span) => {
    const { traceId } = span.spanContext();
    try {
      const headers: Record<string, string> = await shopperHeader();
      propagation.inject(context.active(), headers);
      const { data, error, response } = await send({ signal: AbortSignal.timeout(timeoutMs), cache: 'no-store', headers });
      called['http.response.status_code'] = response.status;
      if (response.ok) return data as T;
      throw failureOf(response.status, error, traceId);
    } catch (error) {
      const failure =
        error instanceof Refusal || error instanceof ApiFailure
          ? error
          : new ApiFailure(`Api did not answer: ${reasonOf(error)}`, traceId, { cause: error });
      if (failure instanceof ApiFailure) {
        called['error.type'] = String(called['http.response.status_code'] ?? 'no-answer');
        span.recordException(failure);
        span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
      }
      throw failure;
    } finally {
      span.setAttributes(called);
      span.end();
      record(started, called);
    }
  });
}

/** What an answer other than 2xx means. 429 is the world's: the shopper did nothing wrong. */
function failureOf(status: number, body: unknown, traceId: string): Refusal | ApiFailure {
  const problem = (body && typeof body === 'object' ? body : {}) as Problem & Record<string, unknown>;
  const code = problem.code ?? `http.${status}`;
  if (status >= 500 || status === 429) return new ApiFailure(`Api answered ${status} (${code})`, traceId, undefined, code);
  return new Refusal(status, code, problem.detail ?? problem.title ?? `Api answered ${status}`, problem);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/** Who said nothing for so long is not asked again at once: somebody waits for the page. */
const ranOut = (failure: ApiFailure) => failure.cause instanceof Error && failure.cause.name === 'TimeoutError';

/** Reads, and writes that carry an idempotency key or set a state, may be repeated once when the world fails. */
async function repeatable<T>(send: (options: CallOptions) => Promise<Answer<T>>, timeoutMs: number): Promise<T> {
  try {
    return await call(send, timeoutMs);
  } catch (error) {
    if (!(error instanceof ApiFailure) || ranOut(error)) throw error;
    await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
    return call(send, timeoutMs);
  }
}

/** In the name of whoever is signed in in this browser. What Api says about the session goes on to the browser where it can. */
function withSession<T>(send: (options: CallOptions) => Promise<Answer<T>>, keep = false) {
  return async (options: CallOptions): Promise<Answer<T>> => {
    const answer = await send({ ...options, headers: { ...options.headers, ...(await sessionHeader()) } });
    if (keep) await keepSession(answer.response.headers.getSetCookie());
    return answer;
  };
}

/** What cannot name anything names nothing: addresses and cookies are whatever somebody wrote. */
async function orNull<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Refusal && (error.status === 404 || error.status === 400)) return null;
    throw error;
  }
}

export type ProductQuery = NonNullable<paths['/api/v1/products']['get']['parameters']['query']>;

export const listProducts = (query: ProductQuery): Promise<ProductPage> =>
  repeatable((o) => api().GET('/api/v1/products', { params: { query }, ...o }), readTimeoutMs);

/** What a list can be narrowed down by, with counts. Without a filter: everything on sale. */
export const listFacets = (query: NonNullable<paths['/api/v1/facets']['get']['parameters']['query']> = {}): Promise<FacetList> =>
  repeatable((o) => api().GET('/api/v1/facets', { params: { query }, ...o }), readTimeoutMs);

/** The kinds of pieces on sale, most frequent first. */
export const listKinds = cache(async () => kindsOf(await listFacets()));

/** A list that an address asks for, with its facets: null where its collection, cursor or filter does not exist. */
export const findProducts = (state: ListState): Promise<{ page: ProductPage; facets: FacetList } | null> => findList(JSON.stringify(state));

/** A page and its metadata ask once: two equal states are two objects, and one text. */
const findList = cache(async (text: string) => {
  const state = JSON.parse(text) as ListState;
  const query = queryOf(state);
  try {
    const [page, facets] = await Promise.all([listProducts({ ...query, sort: state.sort, cursor: state.cursor, limit: pageSize }), listFacets(query)]);
    return { page, facets };
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
});

export const getProduct = cache(
  (slug: string): Promise<Product | null> =>
    orNull(repeatable((o) => api().GET('/api/v1/products/{slug}', { params: { path: { slug } }, ...o }), readTimeoutMs)),
);

/** Those that hold something; one that is empty has a page, and nothing leads to it. */
export const listCollections = cache(
  async (): Promise<Collection[]> =>
    (await repeatable((o) => api().GET('/api/v1/collections', { ...o }), readTimeoutMs)).items.filter(({ productCount }) => Number(productCount) > 0),
);

export const getCollection = cache(
  (slug: string): Promise<Collection | null> =>
    orNull(
      repeatable((o) => api().GET('/api/v1/collections/{slug}', { params: { path: { slug } }, ...o }), readTimeoutMs),
    ),
);

export const createBasket = (): Promise<Basket> => call(withSession((o) => api().POST('/api/v1/baskets', { ...o })), writeTimeoutMs);

export const getBasket = cache(
  (id: string): Promise<Basket | null> =>
    orNull(repeatable(withSession((o) => api().GET('/api/v1/baskets/{id}', { params: { path: { id } }, ...o })), readTimeoutMs)),
);

/** Sets the quantity of a variant in a basket; zero takes the line out. */
export const setBasketLine = (id: string, variantId: string, quantity: number): Promise<Basket> =>
  repeatable(
    withSession((o) =>
      api().PUT('/api/v1/baskets/{id}/lines/{variantId}', {
        params: { path: { id, variantId } },
        body: { quantity },
        ...o,
      }),
    ),
    writeTimeoutMs,
  );

/** Where the shop delivers to, and what belongs to an address there. */
export const listShippingCountries = cache(
  async (): Promise<ShippingCountry[]> =>
    (await repeatable((o) => api().GET('/api/v1/shipping-countries', { ...o }), readTimeoutMs)).items,
);

/** The ways to have a basket sent to a country, and what the order comes to with each. */
export const listShippingRates = (countryCode: string, basketId: string): Promise<OrderQuote> =>
  repeatable(
    withSession((o) => api().GET('/api/v1/shipping-rates', { params: { query: { countryCode, basketId } }, ...o })),
    readTimeoutMs,
  );

export const placeOrder = (idempotencyKey: string, body: PlaceOrderRequest) =>
  repeatable(
    withSession((o) => api().POST('/api/v1/orders', { params: { header: { 'Idempotency-Key': idempotencyKey } }, body, ...o })),
    writeTimeoutMs,
  );

/** An order by number and key; null for a wrong key too. */
export const getOrder = (number: string, key: string): Promise<Order | null> =>
  orNull(
    repeatable(
      (o) => api().GET('/api/v1/orders/{number}', { params: { path: { number }, query: { key } }, ...o }),
      readTimeoutMs,
    ),
  );

export const openPaymentSession = (number: string, key: string) =>
  repeatable(
    (o) =>
      api().POST('/api/v1/orders/{number}/payment-session', { params: { path: { number }, query: { key } }, ...o }),
    writeTimeoutMs,
  );

/** Cancels an order that is not paid yet; repeating it answers the cancelled order. */
export const cancelOrder = (number: string, key: string): Promise<Order> =>
  repeatable(
    (o) => api().POST('/api/v1/orders/{number}/cancellation', { params: { path: { number }, query: { key } }, ...o }),
    writeTimeoutMs,
  );

/** Asks Stripe what became of the payment and applies it; may be called any number of times, so a slow answer is not waited for. */
export const confirmPayment = (number: string, key: string): Promise<Order> =>
  call(
    (o) =>
      api().POST('/api/v1/orders/{number}/payment-confirmation', { params: { path: { number }, query: { key } }, ...o }),
    confirmTimeoutMs,
  );

export interface Credentials {
  email: string;
  password: string;
  /** The basket of this browser, to be joined with the one the account has. */
  basketId: string | null;
}

/** Opens an account and signs this browser in. */
export const openAccount = (body: Credentials): Promise<Session> =>
  call(withSession((o) => api().POST('/api/v1/accounts', { body, ...o }), true), writeTimeoutMs);

export const signIn = (body: Credentials): Promise<Session> =>
  call(withSession((o) => api().POST('/api/v1/session', { body, ...o }), true), writeTimeoutMs);

export const signOut = () => call(withSession((o) => api().DELETE('/api/v1/session', { ...o }), true), writeTimeoutMs);

/** Signs every other browser out. */
export const changePassword = (currentPassword: string, newPassword: string): Promise<Session> =>
  call(
    withSession((o) => api().PUT('/api/v1/account/password', { body: { currentPassword, newPassword }, ...o }), true),
    writeTimeoutMs,
  );

/** Who is signed in in this browser; null for a guest and after the session has ended. */
export const currentSession = cache(
  (): Promise<Session | null> => orGuest(repeatable(withSession((o) => api().GET('/api/v1/session', { ...o })), readTimeoutMs)),
);

/** The orders of whoever is signed in, newest first; null when nobody is any more. */
export const listMyOrders = (cursor?: string): Promise<MyOrders | null> =>
  orGuest(
    repeatable(
      withSession((o) => api().GET('/api/v1/account/orders', { params: { query: { limit: 20, ...(cursor && { cursor }) } }, ...o })),
      readTimeoutMs,
    ),
  );

async function orGuest<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return null;
    throw error;
  }
}
