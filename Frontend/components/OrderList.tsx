import Link from 'next/link';
import type { MyOrders } from '@/lib/api-schemas';
import { formatMoney } from '@/lib/money';
import { stateWords } from '@/lib/order-words';
import { fullDayOf } from '@/lib/shop-time';

/** A customer's orders, newest first. */
export function OrderList({ page }: { page: MyOrders }) {
  if (page.items.length === 0) {
    return <p className="max-w-[34rem] text-[1.1rem]">No orders yet. What you order while you are signed in is listed here.</p>;
  }
  return (
    <>
      <ul className="border-t border-line font-display">
        {page.items.map((order) => (
          <li key={order.number} className="border-b border-line">
            <Link
              href={`/orders/${encodeURIComponent(order.number)}?key=${encodeURIComponent(order.key)}`}
              prefetch={false}
              className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-1 py-4 hover:text-spot"
            >
              <span className="seed text-lg text-spot">{order.number}</span>
              <span className="text-right tabular-nums">{formatMoney(order.total)}</span>
              <span className="label text-soft">{fullDayOf(order.placedAt)}</span>
              <span className="label text-right text-soft">{stateWords(order.status, order.fulfilmentStatus)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {page.nextCursor && (
        <Link href={`/account?cursor=${encodeURIComponent(page.nextCursor)}`} prefetch={false} className="link mt-5 inline-block text-[0.95rem]">
          Older orders
        </Link>
      )}
    </>
  );
}
