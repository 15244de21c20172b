import type { Money, Order, OrderLine, OrderUnits } from './api-schemas';
import { formatMoney } from './money';
import { timeOf } from './shop-time';

/** How a shopper came to the order's page. */
export type Visit = 'returned' | 'payment-cancelled' | 'payment-unavailable' | 'plain';

export interface Headline {
  title: string;
  text: string;
}

const amountOf = (order: Order) => Number(order.refunded.amountMinor);

/** All that was promised back, whether or not the bank has it already. */
const promisedBack = (order: Order) => order.refunds.reduce((sum, refund) => sum + Number(refund.amount.amountMinor), 0);

/** What the order's page says first. */
export function headlineOf(order: Order, visit: Visit): Headline {
  switch (order.status) {
    case 'awaiting-payment':
      return waiting(order, visit);
    case 'authorised':
      return {
        title: 'Thank you. It is set aside for you.',
        text: `Your bank has promised ${formatMoney(order.total)}; nothing has been taken yet. We take the payment once your pieces are ready, and write to ${order.email} then.`,
      };
    case 'paid':
      return paid(order);
    case 'expired':
      return { title: 'This order was let go', text: 'It was not paid in time, so its pieces went back on the shelf. Nothing was charged.' };
    case 'cancelled':
      return { title: 'This order was cancelled', text: `Its pieces went back on the shelf. ${moneyAfterCancelling(order)}` };
    default:
      return { title: 'Your order', text: `We write to ${order.email} about everything that happens to it.` };
  }
}

function waiting(order: Order, visit: Visit): Headline {
  if (visit === 'returned') {
    return {
      title: 'Waiting for the payment',
      text: `Your bank is still thinking. This page looks again by itself; you may also close it, we write to ${order.email} as soon as the payment is in.`,
    };
  }
  const before = visit === 'payment-cancelled' ? 'You came back without paying; nothing was charged. '
    : visit === 'payment-unavailable' ? 'The payment page could not be opened just now; nothing was charged. ' : '';
  return {
    title: visit === 'payment-cancelled' ? 'Not paid yet' : 'One step left: the payment',
    text: `${before}Your pieces are kept for you until ${timeOf(order.reservedUntil)}.`,
  };
}

function paid(order: Order): Headline {
  const back = promisedBack(order);
  if (back > 0 && back >= Number(order.paid.amountMinor)) {
    return { title: 'Your money comes back', text: `All of ${formatMoney(order.paid)} was refunded. ${whenItArrives(order)}` };
  }
  if (order.fulfilmentStatus === 'fulfilled') {
    const what = back > 0 ? 'All that was still to be sent' : 'Everything you ordered';
    return { title: 'It is on its way to you.', text: `${what} has left the studio. Once it hangs, stands or lies where it belongs, we are done.` };
  }
  if (order.fulfilmentStatus === 'partial') {
    return { title: 'The first part is on its way.', text: `Some of your pieces have left the studio, the others follow. We write to ${order.email} with each parcel.` };
  }
  return {
    title: 'Thank you. It is yours.',
    text: `The payment has arrived and the receipt is on its way to ${order.email}. We print in the order the numbers come in.`,
  };
}

function moneyAfterCancelling(order: Order): string {
  if (promisedBack(order) > 0) return `You get ${formatMoney({ ...order.total, amountMinor: promisedBack(order) })} back. ${whenItArrives(order)}`;
  if (amountOf(order) > 0) return `You have got ${formatMoney(order.refunded)} back.`;
  return order.paidAt ? 'What you paid comes back to your card.' : 'Nothing was charged.';
}

const whenItArrives = (order: Order) =>
  order.refunds.every((refund) => refund.status === 'done')
    ? 'Your bank has it; it may take some days to show on your statement.'
    : 'It goes to the card you paid with and takes a few days.';

/** The state of an order in a list. */
export function stateWords(status: string, fulfilmentStatus?: string): string {
  if (status === 'paid' && fulfilmentStatus === 'fulfilled') return 'Sent';
  if (status === 'paid' && fulfilmentStatus === 'partial') return 'Partly sent';
  const words: Record<string, string> = {
    'awaiting-payment': 'Waiting for payment',
    authorised: 'Set aside',
    paid: 'Paid',
    cancelled: 'Cancelled',
    expired: 'Let go',
  };
  return words[status] ?? 'Under way';
}

export interface Step {
  at: string;
  text: string;
  /** Not there yet. */
  open?: boolean;
}

/** `2 × Tide (A4), Mug` */
const unitsWords = (units: readonly OrderUnits[]): string =>
  units.map(({ title, variantTitle, quantity }) => `${Number(quantity) > 1 ? `${quantity} × ` : ''}${title}${variantTitle ? ` (${variantTitle})` : ''}`).join(', ');

/** What became of a line whose units were paid back, before or after they were sent. */
export function refundedWords({ quantity, cancelled, returned }: Pick<OrderLine, 'quantity' | 'cancelled' | 'returned'>): string | null {
  const refunded = Number(cancelled) + Number(returned);
  if (refunded === 0) return null;
  return refunded === Number(quantity) ? 'Refunded' : `${refunded} of ${quantity} refunded`;
}

export interface Sum {
  label: string;
  money: Money;
  kind?: 'total' | 'free-when-zero' | 'back';
}

/** The rows under an order's lines. Down to the total they add up; tax that is inside it is said after it. */
export function sumsOf(order: Order): Sum[] {
  const isTaxed = Number(order.taxIncluded.amountMinor) > 0;
  const isPaidInPart = order.paidAt && Number(order.paid.amountMinor) < Number(order.total.amountMinor);
  return [
    { label: 'Subtotal', money: order.subtotal },
    { label: order.shippingMethod.title || 'Shipping', money: order.shipping, kind: 'free-when-zero' },
    ...(isTaxed && !order.pricesIncludeTax ? [{ label: 'VAT', money: order.taxIncluded }] : []),
    { label: 'Total', money: order.total, kind: 'total' },
    ...(isTaxed && order.pricesIncludeTax ? [{ label: 'of which VAT', money: order.taxIncluded }] : []),
    ...(isPaidInPart ? [{ label: 'Paid', money: order.paid }] : []),
    ...order.refunds.map((refund): Sum => ({ label: refund.status === 'done' ? 'Refunded' : 'Refund under way', money: refund.amount, kind: 'back' })),
  ];
}

/** What has happened to an order, oldest first. */
export function stepsOf(order: Order): Step[] {
  const steps: Step[] = [{ at: order.placedAt, text: 'Placed' }];
  if (order.paidAt) steps.push({ at: order.paidAt, text: `${formatMoney(order.paid)} paid` });
  order.fulfilments.forEach((parcel, index) => {
    const which = order.fulfilments.length > 1 ? `Parcel ${index + 1}` : 'Parcel';
    steps.push({ at: parcel.sentAt, text: `${which} sent${parcel.carrier ? ` with ${parcel.carrier}` : ''}` });
  });
  for (const refund of order.refunds) {
    const isDone = refund.status === 'done';
    const what = refund.lines.length > 0 ? ` for ${unitsWords(refund.lines)}` : '';
    steps.push({ at: refund.requestedAt, text: `${formatMoney(refund.amount)}${what} ${isDone ? 'refunded' : 'on its way back to your card'}`, open: !isDone });
  }
  return steps.sort((a, b) => a.at.localeCompare(b.at));
}
