import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { GrainField } from '@/components/GrainField';
import { OrderProgress } from '@/components/OrderProgress';
import { OrderSummary } from '@/components/OrderSummary';
import { Parcels } from '@/components/Parcels';
import { RefreshGently } from '@/components/RefreshGently';
import { confirmPayment, getOrder } from '@/lib/api';
import type { Order } from '@/lib/api-schemas';
import { ApiFailure, Refusal } from '@/lib/failures';
import { seedFrom } from '@/lib/grain';
import { logError } from '@/lib/log';
import { headlineOf, troubleOf, type Visit } from '@/lib/order-words';
import { callOff, payNow } from './actions';

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
  const visit: Visit = returned ? 'returned'
    : search.payment === 'cancelled' ? 'payment-cancelled'
    : search.payment === 'unavailable' ? 'payment-unavailable' : 'plain';
  const headline = headlineOf(order, visit);
  const unanswered = search.cancellation === 'unanswered';
  const trouble = troubleOf(order, single(search.refused), unanswered);
  const isOpen = order.status === 'awaiting-payment';
  const isOver = order.status === 'expired' || order.status === 'cancelled';

  return (
    <div className="sheet pt-10 sm:pt-16">
      <div className="grid gap-x-16 gap-y-12 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div>
          <p className="seed text-xl text-spot">{order.number}</p>
          <h1 className="mt-2 max-w-[16ch] text-[clamp(2.3rem,5.6vw,4.25rem)]">{headline.title}</h1>
          <p className="mt-5 max-w-[34rem] text-[1.15rem] [overflow-wrap:anywhere]" role="status">
            {headline.text}
          </p>
          {trouble && (
            <p className="mt-4 font-display text-warn" role="alert">
              {trouble}
            </p>
          )}
          {isOpen && !order.cancellationRequested && (
            <div className="mt-8 flex flex-wrap items-center gap-x-7 gap-y-4">
              <form action={payNow}>
                <input type="hidden" name="number" value={order.number} />
                <input type="hidden" name="key" value={key} />
                <button className={`button ${returned ? 'button-quiet' : ''}`}>
                  {returned || search.payment ? 'Try the payment again' : 'Pay now'}
                </button>
              </form>
              {!returned && (
                <form action={callOff}>
                  <input type="hidden" name="number" value={order.number} />
                  <input type="hidden" name="key" value={key} />
                  <button className="link min-h-11 font-display text-[0.95rem]">Cancel the order</button>
                </form>
              )}
            </div>
          )}
          {isOver && (
            <Link href="/products" className="button mt-8">
              Back to the pieces
            </Link>
          )}
          {isOpen && <RefreshGently eager={returned || unanswered} />}

          <Parcels parcels={order.fulfilments} />
          <OrderProgress order={order} />

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
