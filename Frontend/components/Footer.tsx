import Link from 'next/link';
import { listKinds } from '@/lib/api';
import { listHref } from '@/lib/catalog';
import { ApiFailure } from '@/lib/failures';
import { shopName } from '@/lib/site';
import { Mark } from './Mark';

const mostKinds = 8;

/** The kinds of pieces; none while Api is away, because the page that says so has this footer too. */
async function kinds() {
  try {
    return (await listKinds()).slice(0, mostKinds);
  } catch (error) {
    if (error instanceof ApiFailure) return [];
    throw error;
  }
}

export async function Footer() {
  const shelves = await kinds();
  return (
    <footer className="mt-24 border-t border-line sm:mt-36">
      <div className="sheet grid gap-10 py-12 sm:grid-cols-[2fr_1fr_1fr] sm:py-16">
        <div className="max-w-sm">
          <Mark className="size-8" />
          <p className="mt-4">
            {shopName} is a small print studio without a drawer of originals. We keep the numbers and the programs; the
            pictures grow again each time.
          </p>
        </div>
        {shelves.length > 0 && (
          <nav aria-label="Pieces by kind">
            <ul className="font-display text-[0.95rem]">
              {shelves.map(({ type }) => (
                <li key={type}>
                  <Link href={listHref('/products', { type })} className="inline-block py-1 hover:text-spot hover:underline">
                    {type}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <nav aria-label="About the shop" className="sm:col-start-3">
          <ul className="font-display text-[0.95rem]">
            {[
              ['/collections', 'Collections'],
              ['/about', 'How it is made'],
              ['/about#shipping', 'Shipping and payment'],
              ['/basket', 'Basket'],
            ].map(([href, label]) => (
              <li key={href}>
                <Link href={href!} className="inline-block py-1 hover:text-spot hover:underline">
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <p className="label text-soft sm:col-span-3">
          A demonstration shop: nothing here is shipped and no real card is charged.
        </p>
      </div>
    </footer>
  );
}
