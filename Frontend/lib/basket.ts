import 'server-only';
import { cookies } from 'next/headers';
import { getBasket } from './api';
import type { Basket } from './api-schemas';
import { isSecure } from './site';

const basketCookie = 'basket';
/** How many pieces are in the basket, readable by the page, so that a page itself need not differ between shoppers. */
const countCookie = 'basket-count';
const maxAgeSeconds = 60 * 24 * 60 * 60;

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
