import type { Money, Order, OrderLine, OrderUnits } from './api-schemas';
import { formatMoney } from './money';
import { refusalWords } from './refusals';
import { timeOf } from './shop-time';

type Refund = Order['refunds'][number];

/** How a shopper came to the order's page. */
export type Visit = 'returned' | 'payment-cancelled' | 'payment-unavailable' | 'plain';

export interface Headline {
  title: string;
  text: string;
}

const sumOf = (refunds: readonly Refund[]) => refunds.reduce((sum, refund) => sum + Number(refund.amount.amountMinor), 0);

const isFailed = (refund: Refund) => refund.status === 'failed';

/** The refunds that are money: one that failed did not reach the shopper. */
const refundsOf = (order: Order) => order.refunds.filter((refund) => !isFailed(refund));

/** All that was promised back, whether or not the bank has it already. */
const promisedBack = (order: Order) => sumOf(refundsOf(order));

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
      return {
        title: 'This order was let go',
        text: wasCharged(order)
          ? `Your payment came too late: its pieces had gone back on the shelf and could not be had any more. ${moneyOf(order)}`
          : 'It was not paid in time, so its pieces went back on the shelf. Nothing was charged.',
      };
    case 'cancelled':
      return { title: 'This order was cancelled', text: `Nothing of it will be sent. ${moneyOf(order)}` };
    default:
      return { title: 'Your order', text: `We write to ${order.email} about everything that happens to it.` };
  }
}

function waiting(order: Order, visit: Visit): Headline {
  if (order.cancellationRequested) {
    return {
      title: 'Your order is being cancelled',
      text: `It can be paid no more, and is cancelled once our payment service says that nobody has paid. Had a payment gone through before, we would write to ${order.email}.`,
    };
  }
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

/**
 * Why the shopper's last click did not do what it says; null where it did. What became of a cancellation without an answer, the order itself says
 * once it no longer waits.
 */
export function troubleOf(order: Order, refused: string, isCancellationUnanswered: boolean): string | null {
  if (refused) return refusalWords(refused);
  if (!isCancellationUnanswered || order.status !== 'awaiting-payment') return null;
  return 'We got no answer about cancelling this order, but your wish may have been noted. This page looks again by itself; if the order still waits in some minutes, cancel it once more.';
}

function paid(order: Order): Headline {
  const back = promisedBack(order);
  const isTakenBack = order.lines.every((line) => takenBack(line) === Number(line.quantity));
  const isUnsent = order.fulfilmentStatus === 'unfulfilled';
  if (isTakenBack && isUnsent) return { title: 'Nothing of this order will be sent', text: unitsMoney(order) };
  if (back > 0 && back >= Number(order.paid.amountMinor)) {
    return { title: 'Your money comes back', text: `All of ${formatMoney(order.paid)} was refunded. ${whenItArrives(order)}` };
  }
  if (isTakenBack && back > 0) return { title: 'Your money comes back', text: unitsMoney(order) };
  const leavesOut = order.lines.some((line) => Number(line.cancelled) > 0);
  if (order.fulfilmentStatus === 'fulfilled') {
    const what = leavesOut ? 'All that was still to be sent' : 'Everything you ordered';
    return { title: 'It is on its way to you.', text: `${what} has left the studio. Once it hangs, stands or lies where it belongs, we are done.` };
  }
  if (order.fulfilmentStatus === 'partial') {
    const rest = leavesOut ? 'what is still to be sent follows' : 'the others follow';
    return { title: 'The first part is on its way.', text: `Some of your pieces have left the studio, ${rest}. We write to ${order.email} with each parcel.` };
  }
  return {
    title: 'Thank you. It is yours.',
    text: `The payment has arrived and the receipt is on its way to ${order.email}. We print in the order the numbers come in.`,
  };
}

/**
 * Units that will not be sent or came back. Whether their money is back, only the refunds say: one that failed does not count, and what the
 * shopper's bank took by itself is none.
 */
const takenBack = ({ cancelled, returned }: Pick<OrderLine, 'cancelled' | 'returned'>) => Number(cancelled) + Number(returned);

const wasCharged = (order: Order) => Number(order.paid.amountMinor) > 0;

const youGet = (order: Order) => `You get ${formatMoney({ ...order.total, amountMinor: promisedBack(order) })} back. ${whenItArrives(order)}`;

/** Where the money is of units that were taken back. Where each is in a refund, what is left is shipping, and the shop's. */
const unitsMoney = (order: Order) => (order.lines.every((line) => paidBack(line, order) === takenBack(line)) ? youGet(order) : moneyOf(order));

/** Where the money is of an order that came to nothing: all of it goes back. */
function moneyOf(order: Order): string {
  if (!wasCharged(order)) return 'Nothing was charged.';
  const back = promisedBack(order);
  if (back === 0) return `We have no refund of your payment under way: ${whyNoRefund(order)}`;
  return back < Number(order.paid.amountMinor) ? `${youGet(order)} We have no refund of the rest under way: ${whyNoRefund(order)}` : youGet(order);
}

function whyNoRefund(order: Order): string {
  const failed = order.refunds.find((refund) => isUnmended(refund, order));
  return failed
    ? `${formatMoney(failed.amount)} did not reach your card. ${weWrite}`
    : 'your bank may have taken it back already. If you miss the money, write to us.';
}

const weWrite = 'We have been told, and write to you about another way.';

/** A refund that failed, and none was tried after it. */
const isUnmended = (refund: Refund, order: Order) => isFailed(refund) && !refundsOf(order).some(({ requestedAt }) => requestedAt > refund.requestedAt);

const whenItArrives = (order: Order) =>
  refundsOf(order).every(isDone)
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

/** What became of a line's units that will not be sent or were paid back; null where nothing of it is known. */
export function refundedWords(line: OrderLine, order: Order): string | null {
  const back = paidBack(line, order);
  const done = paidBack(line, order, isDone);
  const some = (count: number, whole: string, part: string) =>
    count === 0 ? [] : count === Number(line.quantity) ? [whole] : [`${count} of ${line.quantity} ${part}`];
  const words = [
    ...some(done, 'Refunded', 'refunded'),
    ...some(back - done, 'Refund under way', 'about to be refunded'),
    ...some(Math.min(Number(line.cancelled), takenBack(line) - back), 'Will not be sent', 'will not be sent'),
  ];
  return words.length > 0 ? words.join(', ') : null;
}

/** Which of a line's units are paid, or set aside, and not on the shelf yet; null where all are there. */
export function awaitedWords({ awaited, quantity }: Pick<OrderLine, 'awaited' | 'quantity'>): string | null {
  if (!(Number(awaited) > 0)) return null;
  if (Number(awaited) < Number(quantity)) return `${awaited} of ${quantity} not on the shelf yet; sent as soon as they are made`;
  return `Not on the shelf yet; sent as soon as ${Number(quantity) > 1 ? 'they are' : 'it is'} made`;
}

function refundWords(refund: Refund, order: Order): string {
  if (isFailed(refund)) return isUnmended(refund, order) ? `did not reach your card. ${weWrite}` : 'did not reach your card';
  return isDone(refund) ? 'refunded' : 'on its way back to your card';
}

const isDone = (refund: Refund) => refund.status === 'done';

const isOf = (units: OrderUnits, line: OrderLine) => units.title === line.title && units.variantTitle === line.variantTitle && units.sku === line.sku;

/** Of a line's units that were taken back, those that such refunds pay back: by name, or because all that was paid goes back. */
function paidBack(line: OrderLine, order: Order, counts: (refund: Refund) => boolean = () => true): number {
  const refunds = refundsOf(order).filter(counts);
  if (wasCharged(order) && sumOf(refunds) >= Number(order.paid.amountMinor)) return takenBack(line);
  const named = refunds.flatMap(({ lines }) => lines).filter((units) => isOf(units, line));
  return Math.min(takenBack(line), named.reduce((sum, { quantity }) => sum + Number(quantity), 0));
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
    ...refundsOf(order).map((refund): Sum => ({ label: isDone(refund) ? 'Refunded' : 'Refund under way', money: refund.amount, kind: 'back' })),
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
    const what = refund.lines.length > 0 ? ` for ${unitsWords(refund.lines)}` : '';
    steps.push({ at: refund.requestedAt, text: `${formatMoney(refund.amount)}${what} ${refundWords(refund, order)}`, open: !isDone(refund) && !isFailed(refund) });
  }
  return steps.sort((a, b) => a.at.localeCompare(b.at));
}
