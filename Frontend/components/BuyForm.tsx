'use client';

import Link from 'next/link';
import { useActionState } from 'react';
import { addToBasket, type AddState } from '@/app/basket/actions';
import type { Product } from '@/lib/api-schemas';
import { availabilityWords } from '@/lib/availability';
import { formatPrice } from '@/lib/money';
import { quantityWords } from '@/lib/quantities';
import { choose, findVariant, valueState } from '@/lib/variants';

const idle: AddState = { status: 'idle', message: '', turn: 0 };

/** The choice of a variant and the way into the basket. Without scripts it is a plain form that answers with the page. */
export function BuyForm({ product, choice, onChoose }: {
  product: Product;
  choice: string[];
  onChoose: (choice: string[]) => void;
}) {
  const [state, submit, pending] = useActionState(addToBasket, idle);
  const variant = findVariant(product.variants, choice);
  const price = variant ?? product.variants[0];
  const isBuyable = variant !== undefined && variant.available;
  const soldIn = variant && quantityWords(variant);
  const choosable = product.options.filter((option) => option.values.length > 1 || product.options.length > 1);

  return (
    <form action={submit} className="mt-6">
      <input type="hidden" name="product" value={product.slug} />
      <p className="font-display text-[1.65rem] font-[560] tabular-nums" aria-live="polite">
        {price && formatPrice(price.price)}
        {price?.compareAt && (
          <s className="ml-3 text-[1.15rem] font-normal text-soft">
            <span className="sr-only">instead of </span>
            {formatPrice(price.compareAt)}
          </s>
        )}
        <span className="label ml-3 font-normal text-soft">{product.pricesIncludeTax ? 'including VAT' : 'plus VAT'}</span>
      </p>

      {product.options.map((option, index) =>
        choosable.includes(option) ? (
          <fieldset key={option.name} className="mt-6">
            <legend className="label text-soft">{option.name}</legend>
            <div className="mt-2 flex flex-wrap gap-2">
              {option.values.map((value) => {
                const state = valueState(product.variants, choice, index, value);
                return (
                  <label
                    key={value}
                    className="relative grid min-h-11 min-w-11 cursor-pointer place-items-center border-[1.5px] border-line px-3.5 py-1.5 font-display text-[0.95rem] hover:border-ink has-checked:border-ink has-checked:bg-ink has-checked:text-paper has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-spot data-[state=missing]:border-dashed data-[state=missing]:text-soft data-[state=sold-out]:text-soft data-[state=sold-out]:line-through has-checked:data-[state]:text-paper"
                    data-state={state}
                  >
                    <input
                      type="radio"
                      name={`option-${index}`}
                      value={value}
                      checked={choice[index] === value}
                      onChange={() => onChoose(choose(product.variants, choice, index, value))}
                      className="absolute inset-0 opacity-0"
                    />
                    {value}
                    {state === 'sold-out' && <span className="sr-only"> (sold out)</span>}
                  </label>
                );
              })}
            </div>
          </fieldset>
        ) : (
          <input key={option.name} type="hidden" name={`option-${index}`} value={choice[index] ?? ''} />
        ),
      )}

      <p className="label mt-6 flex items-center gap-2" aria-live="polite">
        <span
          aria-hidden="true"
          className={`inline-block size-2 ${isBuyable && !variant.backorder ? 'bg-spot' : 'border border-edge'}`}
        />
        {availabilityWords(variant)}
      </p>
      {soldIn && <p className="label mt-1 text-soft">{soldIn}</p>}

      <button className="button mt-4 w-full" disabled={pending || !isBuyable} aria-describedby="basket-answer">
        {pending ? 'Adding…' : variant && !isBuyable ? 'Sold out' : 'Add to basket'}
      </button>
      <p id="basket-answer" role="status" className="mt-3 min-h-7 font-display text-[0.95rem]">
        {state.message && (
          <span key={state.turn} className={state.status === 'refused' ? 'text-warn' : undefined}>
            {state.message}{' '}
            {state.status === 'added' && (
              <Link href="/basket" className="link font-[560]">
                Go to the basket
              </Link>
            )}
          </span>
        )}
      </p>
    </form>
  );
}
