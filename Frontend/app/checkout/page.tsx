import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { CheckoutForm } from '@/components/CheckoutForm';
import { Crumbs } from '@/components/Crumbs';
import { currentSession, listShippingCountries } from '@/lib/api';
import { currentBasket } from '@/lib/basket';
import { byName, firstCountry } from '@/lib/countries';
import { ApiFailure } from '@/lib/failures';
import { refusalWords } from '@/lib/refusals';
import { hasSession } from '@/lib/session';
import { quoteFor } from './actions';

export const metadata: Metadata = { title: 'Checkout', robots: { index: false } };

export default async function CheckoutPage() {
  const basket = await currentBasket();
  if (!basket || basket.lines.length === 0) redirect('/basket');
  const countries = byName(await listShippingCountries());
  const countryCode = firstCountry(countries);
  const quote = (await quoteFor(basket.id, countryCode)) ?? {
    countryCode,
    subtotal: basket.subtotal,
    methods: [],
    obstacle: refusalWords('baskets.not-found'),
    pricesIncludeTax: true,
  };
  return (
    <div className="sheet pt-8 sm:pt-12">
      <Crumbs trail={[{ href: '/basket', label: 'Basket' }]} />
      <h1 className="mt-2 text-[clamp(2.4rem,6vw,4.5rem)]">Checkout</h1>
      <CheckoutForm basket={basket} quote={quote} idempotencyKey={crypto.randomUUID()} countries={countries} email={await knownEmail()} />
    </div>
  );
}

/** Of who is signed in. A checkout needs nobody to be, so it goes on while that cannot be known. */
async function knownEmail(): Promise<string> {
  if (!(await hasSession())) return '';
  try {
    return (await currentSession())?.email ?? '';
  } catch (error) {
    if (error instanceof ApiFailure) return '';
    throw error;
  }
}
