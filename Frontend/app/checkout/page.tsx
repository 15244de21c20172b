import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { CheckoutForm } from '@/components/CheckoutForm';
import { Crumbs } from '@/components/Crumbs';
import { currentSession, listShippingCountries } from '@/lib/api';
import { currentBasket } from '@/lib/basket';
import { shownLines } from '@/lib/checkout-words';
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
    lines: shownLines(basket),
    subtotal: basket.subtotal,
    methods: [],
    obstacle: refusalWords('baskets.not-found'),
    pricesIncludeTax: true,
  };
  const { email, begunSignedIn } = await whoOrders();
  return (
    <div className="sheet pt-8 sm:pt-12">
      <Crumbs trail={[{ href: '/basket', label: 'Basket' }]} />
      <h1 className="mt-2 text-[clamp(2.4rem,6vw,4.5rem)]">Checkout</h1>
      <CheckoutForm
        basketId={basket.id}
        quote={quote}
        idempotencyKey={crypto.randomUUID()}
        countries={countries}
        email={email}
        begunSignedIn={begunSignedIn}
      />
    </div>
  );
}

/** A checkout needs nobody to be signed in, so it goes on while that cannot be known: this browser may have a session then. */
async function whoOrders(): Promise<{ email: string; begunSignedIn: boolean }> {
  if (!(await hasSession())) return { email: '', begunSignedIn: false };
  try {
    const session = await currentSession();
    return { email: session?.email ?? '', begunSignedIn: session !== null };
  } catch (error) {
    if (error instanceof ApiFailure) return { email: '', begunSignedIn: true };
    throw error;
  }
}
