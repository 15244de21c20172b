import 'server-only';
import { cookies } from 'next/headers';
import { getBasket, getOrder } from './api';
import type { Basket, Order } from './api-schemas';
import { isSecure } from './site';

const basketCookie = 'basket';
/** How many pieces are in the basket, readable by the page, so that a page itself need not differ between shoppers. */
const countCookie = 'basket-count';
const maxAgeSeconds = 60 * 24 * 60 * 60;
const orderCookie = 'order';
const orderMaxAgeSeconds = 24 * 60 * 60;

export async function basketId(): Promise<string | null> {
  return (await cookies()).get(basketCookie)?.value ?? null;
}

export async function currentBasket(): Promise<Basket | null> {
  const id = await basketId();
  return id ? getBasket(id) : null;
}

/** Keeps the basket for this browser. Only server actions and route handlers may set cookies. */
export async function keepBasket(basket: Basket) {
  const store = await cookies();
  const shared = { sameSite: 'lax', secure: isSecure(), path: '/', maxAge: maxAgeSeconds } as const;
  store.set(basketCookie, basket.id, { ...shared, httpOnly: true });
  store.set(countCookie, String(basket.itemCount), { ...shared, httpOnly: false });
}

export async function forgetBasket() {
  const store = await cookies();
  store.delete(basketCookie);
  store.delete(countCookie);
}

/** Remembers the order this browser placed last, so that whoever comes back from the payment page by the back button finds it. */
export async function keepOrder(number: string, key: string) {
  const maxAge = orderMaxAgeSeconds;
  (await cookies()).set(orderCookie, `${number}.${key}`, { sameSite: 'lax', secure: isSecure(), path: '/', maxAge, httpOnly: true });
}

/** The order this browser placed last, if it still waits for its payment. */
export async function unpaidOrder(): Promise<Order | null> {
  const [number, key] = (await cookies()).get(orderCookie)?.value.split('.') ?? [];
  const order = number && key ? await getOrder(number, key) : null;
  return order?.status === 'awaiting-payment' ? order : null;
}
