'use server';

import { redirect } from 'next/navigation';
import { cancelOrder, openPaymentSession } from '@/lib/api';
import { ApiFailure, Refusal } from '@/lib/failures';
import { logError } from '@/lib/log';

/** Opens the order's payment, again if need be, and sends the shopper there. */
export async function payNow(form: FormData) {
  const number = String(form.get('number') ?? '');
  const key = String(form.get('key') ?? '');
  const page = `/orders/${encodeURIComponent(number)}?key=${encodeURIComponent(key)}`;
  let target = page;
  try {
    target = (await openPaymentSession(number, key)).url;
  } catch (error) {
    if (error instanceof ApiFailure) {
      logError('The payment could not be opened', error);
      target = `${page}&payment=unavailable`;
    } else if (error instanceof Refusal) target = `${page}&refused=${encodeURIComponent(error.code)}`;
    else throw error;
  }
  redirect(target);
}

/** Calls off an order that is not paid yet; the page says what became of it. Without an answer the wish may have been noted all the same. */
export async function callOff(form: FormData) {
  const number = String(form.get('number') ?? '');
  const key = String(form.get('key') ?? '');
  const page = `/orders/${encodeURIComponent(number)}?key=${encodeURIComponent(key)}`;
  let target = page;
  try {
    await cancelOrder(number, key);
  } catch (error) {
    if (error instanceof Refusal) target = `${page}&refused=${encodeURIComponent(error.code)}`;
    else if (error instanceof ApiFailure) {
      logError('The order could not be cancelled', error);
      target = error.code === 'request.too-many' ? `${page}&refused=${error.code}` : `${page}&cancellation=unanswered`;
    } else throw error;
  }
  redirect(target);
}
