'use server';

import { redirect } from 'next/navigation';
import { changePassword, getBasket, openAccount, signIn, signOut } from '@/lib/api';
import type { Session } from '@/lib/api-schemas';
import { checkEmail, checkNewPassword, wayBack, type AccountErrors } from '@/lib/account-form';
import { basketId, forgetBasket, keepBasket } from '@/lib/basket';
import { ApiFailure, Refusal, traceIdOf } from '@/lib/failures';
import { logError } from '@/lib/log';
import { refusalWords } from '@/lib/refusals';
import { forgetSession } from '@/lib/session';

export interface AccountState {
  email: string;
  errors: AccountErrors;
  message: string;
  done: boolean;
  turn: number;
}

const text = (form: FormData, name: string) => String(form.get(name) ?? '');

/** An answer in words, when Api refused or did not answer. */
function wordsOf(error: unknown): string {
  if (error instanceof Refusal) return refusalWords(error.code);
  if (!(error instanceof ApiFailure)) throw error;
  logError('The account desk did not answer', error);
  if (error.code === 'accounts.sessions-away' || error.code === 'request.too-many') return refusalWords(error.code);
  return `We could not reach our desk. Please try again in a moment. (Trace ${traceIdOf(error)})`;
}

/** The basket of the account is from now on that of this browser; what this browser had is in it. */
async function takeBasket(session: Session) {
  const basket = session.basketId ? await getBasket(session.basketId) : null;
  if (basket) await keepBasket(basket);
}

async function enter(previous: AccountState, form: FormData, how: typeof signIn, checkPassword: (value: string) => string | null): Promise<AccountState> {
  const email = text(form, 'email').trim();
  const password = text(form, 'password');
  const errors = Object.fromEntries(
    Object.entries({ email: checkEmail(email), password: checkPassword(password) }).filter((entry): entry is [string, string] => entry[1] !== null),
  );
  const answer = (message: string): AccountState => ({ email, errors, message, done: false, turn: previous.turn + 1 });
  if (Object.keys(errors).length > 0) return answer('Please correct the fields below.');
  try {
    await takeBasket(await how({ email, password, basketId: await basketId() }));
  } catch (error) {
    return answer(wordsOf(error));
  }
  redirect(wayBack(text(form, 'next')));
}

export async function submitSignIn(previous: AccountState, form: FormData): Promise<AccountState> {
  return enter(previous, form, signIn, (value) => (value ? null : 'Enter your password.'));
}

export async function submitRegistration(previous: AccountState, form: FormData): Promise<AccountState> {
  return enter(previous, form, openAccount, checkNewPassword);
}

export async function submitPassword(previous: AccountState, form: FormData): Promise<AccountState> {
  const wanted = checkNewPassword(text(form, 'newPassword'));
  const errors: AccountErrors = wanted ? { newPassword: wanted } : {};
  const answer = (message: string, done = false): AccountState => ({ ...previous, errors, message, done, turn: previous.turn + 1 });
  if (wanted) return answer('Please correct the fields below.');
  try {
    await changePassword(text(form, 'currentPassword'), text(form, 'newPassword'));
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) redirect('/sign-in?ended');
    return answer(wordsOf(error));
  }
  return answer('Your password is changed. Every other browser has been signed out.', true);
}

/** The basket stays with the account; this browser begins with an empty one, and forgets its session whether Api can be told or not. */
export async function submitSignOut() {
  try {
    await signOut();
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    logError('A session was only forgotten by its browser', error);
  }
  await forgetSession();
  await forgetBasket();
  redirect('/');
}
