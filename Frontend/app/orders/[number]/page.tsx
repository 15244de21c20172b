import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { GrainField } from '@/components/GrainField';
import { OrderSummary } from '@/components/OrderSummary';
import { RefreshGently } from '@/components/RefreshGently';
import { confirmPayment, getOrder } from '@/lib/api';
import type { Order } from '@/lib/api-schemas';
import { ApiFailure, Refusal } from '@/lib/failures';
import { seedFrom } from '@/lib/grain';
import { logError } from '@/lib/log';
import { payNow } from './actions';

type Props = PageProps<'/orders/[number]'>;

export const metadata: Metadata = { title: 'Your order', robots: { index: false, follow: false } };

const single = (value: string | string[] | undefined) => (typeof value === 'string' ? value : '');

/** Back from Stripe before its webhook arrived: ask what became of the payment. The order as it stands is the answer otherwise. */
async function settled(order: Order, key: string, returned: boolean): Promise<Order> {
  if (order.status !== 'awaiting-payment' || !returned) return order;
  try {
    return await confirmPayment(order.number, key);
  } catch (error) {
    if (!(error instanceof ApiFailure || error instanceof Refusal)) throw error;
    logError('The payment could not be confirmed yet', error);
    return order;
  }
}

export default async function OrderPage({ params, searchParams }: Props) {
  const { number } = await params;
  const search = await searchParams;
  const key = single(search.key);
  const found = key ? await getOrder(number, key) : null;
  if (!found) notFound();
  const returned = single(search.session_id) !== '';
  const order = await settled(found, key, returned);
  const time = (instant: string) =>
    new Intl.DateTimeFormat('en-IE', { timeStyle: 'short', timeZone: 'Europe/Berlin' }).format(new Date(instant));

  return (
    <div className="sheet pt-10 sm:pt-16">
      <div className="grid gap-x-16 gap-y-12 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div>
          <p className="seed text-xl text-spot">{order.number}</p>
          {order.status === 'paid' && (
            <>
              <h1 className="mt-2 text-[clamp(2.4rem,6vw,4.5rem)]">Thank you. It is yours.</h1>
              <p className="mt-5 max-w-[34rem] text-[1.15rem]">
                The payment has arrived and the receipt is on its way to <strong className="font-semibold">{order.email}</strong>.
                We print in the order the numbers come in.
              </p>
            </>
          )}
          {order.status === 'awaiting-payment' && returned && (
            <>
              <h1 className="mt-2 text-[clamp(2.2rem,5vw,3.75rem)]">Waiting for the payment</h1>
              <p className="mt-5 max-w-[34rem] text-[1.15rem]" role="status">
                Your bank is still thinking. This page looks again by itself; you may also close it, we write to{' '}
                <strong className="font-semibold">{order.email}</strong> as soon as the payment is in.
              </p>
            </>
          )}
          {order.status === 'awaiting-payment' && !returned && (
            <>
              <h1 className="mt-2 text-[clamp(2.2rem,5vw,3.75rem)]">
                {search.payment === 'cancelled' ? 'Not paid yet' : 'One step left: the payment'}
              </h1>
              <p className="mt-5 max-w-[34rem] text-[1.15rem]">
                {search.payment === 'cancelled' && 'You came back without paying; nothing was charged. '}
                {search.payment === 'unavailable' && 'The payment page could not be opened just now; nothing was charged. '}
                Your pieces are kept for you{order.reservedUntil && <> until {time(order.reservedUntil)} (Berlin)</>}.
              </p>
            </>
          )}
          {(order.status === 'expired' || order.status === 'cancelled') && (
            <>
              <h1 className="mt-2 text-[clamp(2.2rem,5vw,3.75rem)]">
                {order.status === 'expired' ? 'This order was let go' : 'This order was cancelled'}
              </h1>
              <p className="mt-5 max-w-[34rem] text-[1.15rem]">
                {order.status === 'expired'
                  ? 'It was not paid in time, so its pieces went back on the shelf. Nothing was charged.'
                  : 'Its pieces went back on the shelf.'}
              </p>
              <Link href="/products" className="button mt-8">
                Back to the pieces
              </Link>
            </>
          )}
          {order.status === 'awaiting-payment' && (
            <form action={payNow} className="mt-8">
              <input type="hidden" name="number" value={order.number} />
              <input type="hidden" name="key" value={key} />
              <button className={`button ${returned ? 'button-quiet' : ''}`}>
                {returned || search.payment ? 'Try the payment again' : 'Pay now'}
              </button>
            </form>
          )}
          {order.status === 'awaiting-payment' && <RefreshGently eager={returned} />}

          <figure className="mt-14 max-w-[34rem]">
            <GrainField seed={seedFrom(order.number)} size="34x14" className="w-full" />
            <figcaption className="label mt-3 text-soft">
              Grown from your order’s number. Nobody else has this one.
            </figcaption>
          </figure>
        </div>
        <OrderSummary order={order} />
      </div>
    </div>
  );
}
