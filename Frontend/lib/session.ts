import 'server-only';
import { createHmac } from 'node:crypto';
import { cookies, headers } from 'next/headers';
import { parseSetCookie } from './set-cookie';
import { isSecure } from './site';

const sessionCookie = 'session';

/** What a cookie's value may be made of (RFC 6265); anything else was not set by Api, and no header could carry it. */
const cookieValue = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/;

async function session(): Promise<string | null> {
  const value = (await cookies()).get(sessionCookie)?.value;
  return value && cookieValue.test(value) ? value : null;
}

/** The session of this browser as Api wants to be shown it; nothing when nobody is signed in. */
export async function sessionHeader(): Promise<Record<string, string>> {
  const value = await session();
  return value ? { cookie: `${sessionCookie}=${value}` } : {};
}

/** Whether this browser was signed in once, as far as it remembers. Only Api knows whether it still is. */
export async function hasSession(): Promise<boolean> {
  return (await session()) !== null;
}

/** Hands Api's session on to the browser, or takes it away. Only server actions and route handlers may set cookies. */
export async function keepSession(setCookies: string[]) {
  const told = setCookies.map(parseSetCookie).find((cookie) => cookie?.name === sessionCookie);
  if (!told) return;
  const store = await cookies();
  if (!told.value) store.delete(sessionCookie);
  else {
    store.set(sessionCookie, told.value, {
      httpOnly: true, sameSite: 'lax', secure: isSecure(), path: '/', ...(told.expires && { expires: told.expires }),
    });
  }
}

export async function forgetSession() {
  (await cookies()).delete(sessionCookie);
}

/**
 * For whom this page is rendered, signed, so that Api counts the shopper and not the storefront. The edge in front of us set
 * the address; without a key, or outside a request, Api sees the storefront itself.
 */
export async function shopperHeader(): Promise<Record<string, string>> {
  const key = process.env['Storefront__Key'];
  if (!key) return {};
  const address = (await headers()).get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  const said = `${address};${Math.floor(Date.now() / 1000)}`;
  return { 'X-Shopper-Address': `${said};${createHmac('sha256', key).update(said).digest('hex')}` };
}
