import type { Metadata } from 'next';
import Link from 'next/link';
import { BasketLineRow } from '@/components/BasketLineRow';
import { currentBasket, unpaidOrder } from '@/lib/basket';
import type { Order } from '@/lib/api-schemas';
import { linesInTheWay } from '@/lib/checkout-words';
import { formatMoney } from '@/lib/money';

export const metadata: Metadata = { title: 'Basket', robots: { index: false } };

export default async function BasketPage() {
  const basket = await currentBasket();
  if (!basket || basket.lines.length === 0) {
    const unpaid = await unpaidOrder();
    if (unpaid) return <UnpaidOrder order={unpaid} />;
    return (
      <div className="sheet pt-12 sm:pt-20">
        <h1 className="text-[clamp(2.4rem,6vw,4.5rem)]">Your basket is empty</h1>
        <p className="mt-5 max-w-[34rem] text-[1.15rem]">
          Nothing in it yet. The numbers are patient: the same seed will still grow the same picture tomorrow.
        </p>
        <Link href="/products" className="button mt-8">
          See all pieces
        </Link>
      </div>
    );
  }
  const ready = basket.lines.every((line) => line.available);
  return (
    <div className="sheet pt-10 sm:pt-16">
      <h1 className="text-[clamp(2.4rem,6vw,4.5rem)]">Basket</h1>
      <div className="mt-8 grid gap-x-16 gap-y-10 sm:mt-12 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <ul className="border-t border-line">
          {basket.lines.map((line) => (
            <BasketLineRow key={line.variantId} line={line} />
          ))}
        </ul>
        <section aria-label="Total" className="self-start border-t-2 border-ink pt-4 font-display lg:sticky lg:top-6">
          <dl className="flex items-baseline justify-between gap-4 text-xl font-[560]">
            <dt>Subtotal</dt>
            <dd className="tabular-nums">{formatMoney(basket.subtotal)}</dd>
          </dl>
          <p className="label mt-1 text-soft">{basket.pricesIncludeTax ? 'Including VAT. Shipping is' : 'Plus VAT. Tax and shipping are'} added at the checkout.</p>
          {ready ? (
            <Link href="/checkout" className="button mt-6 w-full" prefetch={false}>
              To the checkout
            </Link>
          ) : (
            <p className="mt-6 text-warn">{linesInTheWay}</p>
          )}
          <Link href="/products" className="link mt-5 inline-block text-[0.95rem]">
            Look at more pieces
          </Link>
        </section>
      </div>
    </div>
  );
}

/** Back from the payment page without paying: the basket has become an order, and the order still waits. */
function UnpaidOrder({ order }: { order: Order }) {
  return (
    <div className="sheet pt-12 sm:pt-20">
      <p className="seed text-xl text-spot">{order.number}</p>
      <h1 className="mt-2 text-[clamp(2.4rem,6vw,4.5rem)]">Your order still waits for its payment</h1>
      <p className="mt-5 max-w-[34rem] text-[1.15rem]">
        The basket is empty because you have ordered what was in it: {formatMoney(order.total)} in all. We keep the pieces
        for you a little longer.
      </p>
      <div className="mt-8 flex flex-wrap items-center gap-x-7 gap-y-4">
        <Link href={`/orders/${order.number}?key=${encodeURIComponent(order.key)}`} className="button" prefetch={false}>
          To the order
        </Link>
        <Link href="/products" className="link font-display">
          Look at more pieces
        </Link>
      </div>
    </div>
  );
}
