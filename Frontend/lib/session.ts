import 'server-only';
import { createHmac } from 'node:crypto';
import { cookies, headers } from 'next/headers';
import { parseSetCookie } from './set-cookie';
import { isSecure } from './site';

const sessionCookie = 'session';

/** The session of this browser as Api wants to be shown it; nothing when nobody is signed in. */
export async function sessionHeader(): Promise<Record<string, string>> {
  const value = (await cookies()).get(sessionCookie)?.value;
  return value ? { cookie: `${sessionCookie}=${value}` } : {};
}

/** Whether this browser was signed in once, as far as it remembers. Only Api knows whether it still is. */
export async function hasSession(): Promise<boolean> {
  return (await cookies()).has(sessionCookie);
}

/** Hands Api's session on to the browser, or takes it away. Only server actions and route handlers may set cookies. */
export async function keepSession(setCookies: string[]) {
  const session = setCookies.map(parseSetCookie).find((cookie) => cookie?.name === sessionCookie);
  if (!session) return;
  const store = await cookies();
  if (!session.value) store.delete(sessionCookie);
  else {
    store.set(sessionCookie, session.value, {
      httpOnly: true, sameSite: 'lax', secure: isSecure(), path: '/', ...(session.expires && { expires: session.expires }),
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
