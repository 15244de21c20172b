import { isMailAddress } from './mail-address';

/** As Api's document limits them, and as Identity wants them. */
export const minPassword = 10;
export const maxPassword = 128;

/** Where one may be sent after signing in; an address from outside never is one of them. */
const waysBack = ['/account', '/checkout'] as const;
export type WayBack = (typeof waysBack)[number];

export const wayBack = (wanted: string): WayBack => waysBack.find((known) => known === wanted) ?? '/account';

/** The page to sign in on, and from there to go on. */
export const signInPath = (next: WayBack) => `/sign-in?next=${encodeURIComponent(next)}`;

export type AccountErrors = Record<string, string>;

export function checkEmail(value: string): string | null {
  if (!value) return 'Enter your email address.';
  return isMailAddress(value) ? null : 'Enter an email address like name@example.com.';
}

/** For a password that is chosen; one that is already in use may be anything. */
export function checkNewPassword(value: string): string | null {
  if (value.length < minPassword) return `Use at least ${minPassword} characters. A few words in a row are easy to remember.`;
  if (value.length > maxPassword) return `Use at most ${maxPassword} characters.`;
  return new Set(value).size >= 4 ? null : 'Use more than a few different characters.';
}
