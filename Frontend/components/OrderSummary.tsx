import Link from 'next/link';
import type { Order } from '@/lib/api-schemas';
import { addressLines } from '@/lib/countries';
import { formatMoney } from '@/lib/money';
import { awaitedWords, refundedWords, sumsOf, type Sum } from '@/lib/order-words';
import { Picture } from './Picture';

function Row({ label, money, kind }: Sum) {
  const isTotal = kind === 'total';
  return (
    <div className={`flex justify-between gap-4 ${isTotal ? 'pt-2 text-xl font-[560]' : ''}`}>
      <dt className={isTotal ? undefined : 'text-soft'}>{label}</dt>
      <dd className="tabular-nums">{kind === 'back' && '−'}{kind === 'free-when-zero' && Number(money.amountMinor) === 0 ? 'Free' : formatMoney(money)}</dd>
    </div>
  );
}

export function OrderSummary({ order }: { order: Order }) {
  const { shippingAddress: to } = order;
  return (
    <section aria-label="What you ordered" className="self-start border-t-2 border-ink pt-5 font-display">
      <ul className="space-y-4">
        {order.lines.map((line, index) => (
          <li key={index} className="flex gap-4 text-[0.95rem] leading-snug">
            {line.image && (
              <Picture image={line.image} sizes="3.5rem" alt="" maxWidth={320} className="h-[4.4rem] w-14 shrink-0 bg-mat object-cover" />
            )}
            <div className="flex-1">
              <Link href={`/products/${line.productSlug}`} className="hover:text-spot hover:underline">
                {line.title}
              </Link>
              <p className="label text-soft">
                {line.variantTitle} {Number(line.quantity) > 1 && <>× {line.quantity}</>}
              </p>
              {refundedWords(line, order) && <p className="label text-spot">{refundedWords(line, order)}</p>}
              {awaitedWords(line) && <p className="label text-soft">{awaitedWords(line)}</p>}
            </div>
            <p className="tabular-nums">{formatMoney(line.lineTotal)}</p>
          </li>
        ))}
      </ul>
      <dl className="mt-6 space-y-1.5 border-t border-line pt-4">
        {sumsOf(order).map((sum, index) => <Row key={index} {...sum} />)}
      </dl>
      <h2 className="label mt-8 font-normal tracking-normal text-soft">Goes to</h2>
      <address className="mt-1 text-[0.95rem] leading-relaxed not-italic">
        {addressLines(to).map((line, index) => (
          <span key={index} className="block">
            {line}
          </span>
        ))}
      </address>
    </section>
  );
}
