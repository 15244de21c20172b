import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addToBasket, type AddState } from '@/app/basket/actions';

/** The cookies of one browser: outside Next.js there is no request to have them. */
const jar = vi.hoisted(() => new Map<string, string>());
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) => (jar.has(name) ? { name, value: jar.get(name) } : undefined),
    has: (name: string) => jar.has(name),
    set: (name: string, value: string) => jar.set(name, value),
    delete: (name: string) => jar.delete(name),
  }),
}));

const rule = { minQuantity: 6, maxQuantity: 20, quantityStep: 6 };
const product = { slug: 'cards', title: 'Cards', options: [], variants: [{ id: 'v1', options: [], available: true, stockLeft: null, backorder: false, ...rule }] };

/** What Api was asked to set the line to, in order. */
const asked: number[] = [];
/** The open baskets and what each holds. */
const held = new Map<string, number>();
let opened = 0;

const basket = (id: string) => ({ id, itemCount: held.get(id), lines: held.get(id) ? [{ variantId: 'v1', quantity: held.get(id), ...rule }] : [] });

/** Speaks for Api over HTTP: one product, and baskets that take only what its rule allows. */
const api: Server = createServer(async (request, response) => {
  const answer = (status: number, body: unknown) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const [, , , kind, id = '', lines] = (request.url ?? '').split('/');
  let body = '';
  for await (const chunk of request) body += String(chunk);
  if (kind === 'products') return answer(200, product);
  if (request.method === 'POST') {
    const fresh = `b${++opened}`;
    held.set(fresh, 0);
    return answer(201, basket(fresh));
  }
  if (!held.has(id)) return answer(404, { code: 'baskets.not-found' });
  if (lines) {
    const { quantity } = JSON.parse(body) as { quantity: number };
    asked.push(quantity);
    if (![6, 12, 18].includes(quantity)) return answer(409, { code: 'baskets.quantity-not-allowed' });
    held.set(id, quantity);
  }
  return answer(200, basket(id));
});

/** Calls of Api are traced in the context of what makes them; nothing of it is sent anywhere. */
const telemetry = new NodeSDK({ autoDetectResources: false, spanProcessors: [], metricReaders: [], logRecordProcessors: [] });

beforeAll(async () => {
  telemetry.start();
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  process.env['services__api__http__0'] = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
afterAll(async () => {
  api.close();
  await telemetry.shutdown();
});

describe('adding what is sold from six, in steps of six', () => {
  let state: AddState = { status: 'idle', message: '', turn: 0 };
  const form = new FormData();
  form.set('product', 'cards');
  const click = async () => (state = await addToBasket(state, form));

  it('asks for six, then for a step more with each click, and says when there is no more to ask for', async () => {
    expect(await click()).toEqual({ status: 'added', message: 'Cards is in your basket, 6 of it.', turn: 1 });
    expect(await click()).toEqual({ status: 'added', message: 'Cards is in your basket, 12 of it.', turn: 2 });
    expect(await click()).toMatchObject({ status: 'added', turn: 3 });
    expect(await click()).toEqual({ status: 'refused', message: 'Your basket holds as many of this choice as we sell at once.', turn: 4 });
    expect(asked).toEqual([6, 12, 18]);
  });

  it('begins the next basket with six when the one before has been ordered', async () => {
    held.delete(jar.get('basket')!);
    expect(await click()).toMatchObject({ status: 'added', message: 'Cards is in your basket, 6 of it.' });
    expect(asked.at(-1)).toBe(6);
  });
});
