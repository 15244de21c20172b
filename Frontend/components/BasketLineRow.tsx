'use client';

import Link from 'next/link';
import { useActionState } from 'react';
import { changeLine, type LineState } from '@/app/basket/actions';
import type { BasketLine } from '@/lib/api-schemas';
import { backorderWords, countedTotal, obstacleWords } from '@/lib/availability';
import { formatMoney } from '@/lib/money';
import { seedFrom } from '@/lib/grain';
import { offeredQuantities } from '@/lib/quantities';
import { GrainField } from './GrainField';
import { Picture } from './Picture';

const idle: LineState = { message: '' };

export function BasketLineRow({ line }: { line: BasketLine }) {
  const [state, submit, pending] = useActionState(changeLine, idle);
  const quantity = Number(line.quantity);
  const later = backorderWords(line);
  const total = countedTotal(line);
  const obstacle = obstacleWords(line);
  const each = quantity > 1 && total && line.unitPrice && `${formatMoney(line.unitPrice)} each`;
  const id = `quantity-${line.variantId}`;
  return (
    <li className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-4 border-b border-line py-5 sm:grid-cols-[8rem_minmax(0,1fr)] sm:gap-x-7 sm:py-7" aria-busy={pending}>
      <Link href={`/products/${line.productSlug}?variant=${encodeURIComponent(line.sku ?? line.variantId)}`} tabIndex={-1} aria-hidden="true" className="block aspect-[4/5] bg-mat">
        {line.image ? (
          <Picture image={line.image} sizes="8rem" alt="" maxWidth={480} className="size-full object-cover" />
        ) : (
          <GrainField seed={seedFrom(line.productSlug)} size="10x12" className="size-full p-2" />
        )}
      </Link>
      <div className="flex flex-col">
        <div className="flex items-baseline justify-between gap-4">
          <h2 className="text-lg leading-snug tracking-normal">
            <Link href={`/products/${line.productSlug}?variant=${encodeURIComponent(line.sku ?? line.variantId)}`} className="hover:text-spot hover:underline">
              {line.title}
            </Link>
          </h2>
          {total && <p className="font-display tabular-nums">{formatMoney(total)}</p>}
        </div>
        <p className="label mt-0.5 text-soft">{[line.variantTitle, each].filter(Boolean).join(' · ')}</p>
        {obstacle && <p className="label mt-2 text-warn">{obstacle}</p>}
        {later && <p className="label mt-2 text-soft">{later}</p>}
        {state.message && (
          <p role="alert" className="label mt-2 text-warn">
            {state.message}
          </p>
        )}
        <form action={submit} className="mt-auto flex flex-wrap items-center gap-x-4 gap-y-2 pt-4">
          <input type="hidden" name="variant" value={line.variantId} />
          <label htmlFor={id} className="label text-soft">
            Number
          </label>
          <select
            id={id}
            name="quantity"
            key={quantity}
            defaultValue={quantity}
            onChange={(event) => event.currentTarget.form?.requestSubmit()}
            className="min-h-11 border-[1.5px] border-edge bg-sheet px-2 font-display"
          >
            {offeredQuantities(line).map((offered) => (
              <option key={offered} value={offered}>
                {offered}
              </option>
            ))}
          </select>
          <noscript>
            <button className="link label min-h-11">Update</button>
          </noscript>
          <button name="remove" value="1" className="link label min-h-11" aria-label={`Remove ${[line.title, line.variantTitle].filter(Boolean).join(', ')}`}>
            Remove
          </button>
        </form>
      </div>
    </li>
  );
}
