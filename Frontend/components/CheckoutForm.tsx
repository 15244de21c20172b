'use client';

import Link from 'next/link';
import { useActionState, useEffect, useRef, useState, useTransition } from 'react';
import { quoteFor, submitCheckout, type CheckoutState, type Quote } from '@/app/checkout/actions';
import type { ShippingCountry, ShippingMethod } from '@/lib/api-schemas';
import { signInPath } from '@/lib/account-form';
import { backorderWords } from '@/lib/availability';
import { maxLengths, type Field, type Values } from '@/lib/checkout-form';
import { countryName, findCountry, needsPostalCode, needsRegion } from '@/lib/countries';
import { formatMoney } from '@/lib/money';
import { FieldNote } from './FieldNote';
import { Picture } from './Picture';

interface Input {
  field: Exclude<Field, 'countryCode'>;
  label: string;
  type?: string;
  autoComplete: string;
  hint?: string;
  optional?: boolean;
  className?: string;
}

const contact: Input[] = [
  { field: 'email', label: 'Email', type: 'email', autoComplete: 'email', hint: 'For the receipt and nothing else.' },
];
const address: Input[] = [
  { field: 'name', label: 'Full name', autoComplete: 'shipping name' },
  { field: 'line1', label: 'Street and number', autoComplete: 'shipping address-line1' },
  { field: 'line2', label: 'Flat, floor, company', autoComplete: 'shipping address-line2', optional: true },
  { field: 'postalCode', label: 'Postal code', autoComplete: 'shipping postal-code', className: 'sm:col-span-1' },
  { field: 'city', label: 'Town or city', autoComplete: 'shipping address-level2', className: 'sm:col-span-2' },
];
const region: Input = { field: 'region', label: 'State or province', autoComplete: 'shipping address-level1' };
const labels: Record<Field, string> = Object.fromEntries([
  ...[...contact, ...address, region].map(({ field, label }) => [field, label]),
  ['countryCode', 'Country'],
]) as Record<Field, string>;

const empty: Omit<Values, 'email'> = { name: '', line1: '', line2: '', postalCode: '', city: '', region: '', countryCode: '' };

export function CheckoutForm({ basketId, quote, idempotencyKey, countries, email, begunSignedIn }: {
  basketId: string;
  quote: Quote;
  idempotencyKey: string;
  countries: readonly ShippingCountry[];
  /** Where the receipt goes unless the shopper says otherwise. */
  email: string;
  begunSignedIn: boolean;
}) {
  const first: CheckoutState = {
    idempotencyKey, quote, values: { ...empty, email, countryCode: quote.countryCode }, errors: {}, message: '', begunSignedIn, shippingCode: null, wayOn: null, turn: 0,
  };
  const [state, submit, pending] = useActionState(submitCheckout, first);
  const [picked, setPicked] = useState<{ turn: number; quote: Quote } | null>(null);
  const [quoting, startQuoting] = useTransition();
  const summary = useRef<HTMLDivElement>(null);
  // A quote picked in the browser holds until the next answer of the server, which knows better, unless it could not ask for the country's.
  const isOfCountry = state.quote.countryCode === state.values.countryCode;
  const shown = picked && (picked.turn === state.turn || (!isOfCountry && picked.quote.countryCode === state.values.countryCode)) ? picked.quote : state.quote;
  const [wanted, setWanted] = useState<string | null>(null);
  const country = findCountry(countries, shown.countryCode);
  const method = shown.methods.find(({ code }) => code === (wanted ?? state.shippingCode)) ?? shown.methods[0] ?? null;
  const total = method?.total ?? null;
  const wrong = Object.entries(state.errors) as [Field, string][];

  useEffect(() => {
    if (state.turn > 0) summary.current?.focus();
  }, [state.turn]);

  const changeCountry = (countryCode: string) =>
    startQuoting(async () => {
      const next = await quoteFor(basketId, countryCode);
      if (next) setPicked({ turn: state.turn, quote: next });
    });

  const inputs = (list: Input[]) =>
    list.map(({ field, label, type = 'text', autoComplete, hint, optional, className = 'sm:col-span-3' }) => (
      <div key={field} className={className}>
        <label htmlFor={field} className="mb-1 block text-[0.95rem]">
          {label} {optional && <span className="text-soft">(optional)</span>}
        </label>
        <input
          id={field}
          name={field}
          type={type}
          autoComplete={autoComplete}
          required={!optional}
          maxLength={maxLengths[field]}
          defaultValue={state.values[field]}
          key={`${field}/${state.turn}`}
          aria-invalid={state.errors[field] ? true : undefined}
          aria-describedby={state.errors[field] || hint ? `${field}-note` : undefined}
          className="field"
        />
        <FieldNote id={`${field}-note`} error={state.errors[field]} hint={hint} />
      </div>
    ));

  return (
    <form
      action={submit}
      noValidate
      className="mt-8 grid gap-x-16 gap-y-12 sm:mt-12 lg:grid-cols-[minmax(0,1fr)_23rem]"
    >
      <input type="hidden" name="basket" value={basketId} />
      <input type="hidden" name="idempotencyKey" value={state.idempotencyKey} />
      <input type="hidden" name="shownCountry" value={shown.countryCode} />
      <input type="hidden" name="shownShipping" value={method?.code ?? ''} />
      {shown.methods.length < 2 && <input type="hidden" name="shippingCode" value={method?.code ?? ''} />}
      <input type="hidden" name="shownTotal" value={total ? Number(total.amountMinor) : ''} />

      <div className="max-w-[40rem]">
        {state.message && (
          <div ref={summary} tabIndex={-1} role="alert" className="mb-8 border-l-4 border-warn bg-sheet px-5 py-4 font-display">
            <p>{state.message}</p>
            {state.wayOn && (
              <Link href={state.wayOn === 'basket' ? '/basket' : signInPath('/checkout')} className="link mt-2 inline-block text-[0.95rem]" prefetch={false}>
                {state.wayOn === 'basket' ? 'To the basket' : 'Sign in and come back here'}
              </Link>
            )}
            {wrong.length > 0 && (
              <ul className="mt-2 space-y-1">
                {wrong.map(([field, message]) => (
                  <li key={field}>
                    <a href={`#${field}`} className="link text-[0.95rem]">
                      {labels[field]}: {message}
                    </a>
                  </li>
                ))}
              </ul>
            )}
          </div>
        )}
        <fieldset>
          <legend className="mb-4 text-xl font-[560]">Who is it for?</legend>
          <div className="grid gap-5 sm:grid-cols-3">{inputs(contact)}</div>
        </fieldset>
        <fieldset className="mt-10">
          <legend className="mb-4 text-xl font-[560]">Where shall it go?</legend>
          <div className="grid gap-5 sm:grid-cols-3">
            {inputs(address.map((input) => (input.field === 'postalCode' ? { ...input, optional: !needsPostalCode(country) } : input)))}
            {needsRegion(country) && inputs([{ ...region, hint: `By its letters, such as ${country?.regions.slice(-2).join(' or ')}.` }])}
            <div className="sm:col-span-3">
              <label htmlFor="countryCode" className="mb-1 block text-[0.95rem]">
                Country
              </label>
              <select
                id="countryCode"
                name="countryCode"
                autoComplete="shipping country"
                key={`countryCode/${state.turn}`}
                defaultValue={state.values.countryCode}
                onChange={(event) => changeCountry(event.currentTarget.value)}
                aria-invalid={state.errors.countryCode ? true : undefined}
                aria-describedby={state.errors.countryCode ? 'countryCode-note' : undefined}
                className="field"
              >
                {countries.map(({ countryCode: code }) => (
                  <option key={code} value={code}>
                    {countryName(code)}
                  </option>
                ))}
              </select>
              <FieldNote id="countryCode-note" error={state.errors.countryCode} />
            </div>
          </div>
        </fieldset>
        {shown.methods.length > 1 && (
          <fieldset className="mt-10">
            <legend className="mb-4 text-xl font-[560]">How shall we send it?</legend>
            <div className="grid gap-3">
              {shown.methods.map(({ code, title, price }) => (
                <label key={code} className="flex items-baseline gap-3 text-[0.95rem]">
                  <input
                    type="radio"
                    name="shippingCode"
                    value={code}
                    defaultChecked={code === method?.code}
                    onChange={() => setWanted(code)}
                    key={`${shown.countryCode}/${state.turn}`}
                  />
                  <span className="flex-1">{title}</span>
                  <span className="tabular-nums">{Number(price.amountMinor) === 0 ? 'Free' : formatMoney(price)}</span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
      </div>

      <section aria-label="Your order" className="self-start border-t-2 border-ink pt-5 lg:sticky lg:top-6">
        <ul className="space-y-4">
          {shown.lines.map((line) => (
            <li key={line.variantId} className="flex gap-4">
              {line.image && (
                <Picture image={line.image} sizes="3.5rem" alt="" maxWidth={320} className="h-[4.4rem] w-14 shrink-0 bg-mat object-cover" />
              )}
              <div className="flex-1 font-display text-[0.95rem] leading-snug">
                <p>{line.title}</p>
                <p className="label text-soft">
                  {line.variantTitle} {Number(line.quantity) > 1 && <>× {line.quantity}</>}
                </p>
                {line.obstacle && <p className="label text-warn">{line.obstacle}</p>}
                {line.backorder && <p className="label text-soft">{backorderWords(line)}</p>}
              </div>
              {line.lineTotal && <p className="font-display text-[0.95rem] tabular-nums">{formatMoney(line.lineTotal)}</p>}
            </li>
          ))}
        </ul>
        <dl className="mt-6 space-y-1.5 border-t border-line pt-4 font-display" aria-live="polite" aria-busy={quoting}>
          <div className="flex justify-between gap-4">
            <dt className="text-soft">Subtotal</dt>
            <dd className="tabular-nums">{formatMoney(shown.subtotal)}</dd>
          </div>
          <div className="flex justify-between gap-4">
            <dt className="text-soft">Shipping</dt>
            <dd className="tabular-nums">
              {method ? (Number(method.price.amountMinor) === 0 ? 'Free' : formatMoney(method.price)) : '–'}
            </dd>
          </div>
          {method && !shown.pricesIncludeTax && Number(method.taxIncluded.amountMinor) > 0 && (
            <div className="flex justify-between gap-4">
              <dt className="text-soft">VAT</dt>
              <dd className="tabular-nums">{formatMoney(method.taxIncluded)}</dd>
            </div>
          )}
          <div className="flex justify-between gap-4 pt-2 text-xl font-[560]">
            <dt>Total</dt>
            <dd className="tabular-nums">{total ? formatMoney(total) : '–'}</dd>
          </div>
        </dl>
        {shown.obstacle && <p role="status" className="mt-2 font-display text-[0.95rem] text-warn">{shown.obstacle}</p>}
        <p className="label mt-1 text-soft">
          {method && taxNote(method, shown.pricesIncludeTax)}
        </p>
        <button className="button mt-6 w-full" disabled={pending || quoting || !total}>
          {pending ? 'Placing your order…' : 'Place order and pay'}
        </button>
        <p className="label mt-3 text-soft">
          You pay by card on Stripe’s page. We hold your pieces while you do; no card number reaches this shop.
        </p>
      </section>
    </form>
  );
}

/** What the total means at the destination. Where no VAT is charged, the parcel is an export. */
function taxNote({ taxIncluded }: ShippingMethod, pricesIncludeTax: boolean): string {
  if (Number(taxIncluded.amountMinor) === 0) return 'No VAT on exports. Your customs office may ask for import duties.';
  return pricesIncludeTax ? `Including ${formatMoney(taxIncluded)} VAT` : 'Including VAT';
}
