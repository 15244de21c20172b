import type { Order } from '@/lib/api-schemas';
import { stepsOf } from '@/lib/order-words';
import { dayOf } from '@/lib/shop-time';

/** What has happened to the order so far. */
export function OrderProgress({ order }: { order: Order }) {
  const steps = stepsOf(order);
  if (steps.length < 2) return null;
  return (
    <section aria-labelledby="progress" className="mt-12 max-w-[34rem]">
      <h2 id="progress" className="text-xl">
        So far
      </h2>
      <ol className="mt-4 font-display text-[0.95rem]">
        {steps.map((step, index) => (
          <li key={`${step.at} ${step.text}`} className="relative grid grid-cols-[1.5rem_1fr_auto] items-baseline gap-x-2 pb-3.5 last:pb-0">
            {index < steps.length - 1 && <span aria-hidden="true" className="absolute top-[0.9rem] bottom-[-0.4rem] left-[5px] w-px bg-line" />}
            <span aria-hidden="true" className={`relative size-[11px] translate-y-px ${step.open ? 'border-[1.5px] border-spot bg-paper' : 'bg-spot'}`} />
            <span>{step.text}</span>
            <time dateTime={step.at} className="label text-soft">
              {dayOf(step.at)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}
