'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useSyncExternalStore } from 'react';

function readCount(): number {
  const match = /(?:^|;\s*)basket-count=(\d+)/.exec(document.cookie);
  return match ? Number(match[1]) : 0;
}

function subscribe(changed: () => void) {
  const store = (window as { cookieStore?: EventTarget }).cookieStore;
  store?.addEventListener('change', changed);
  window.addEventListener('focus', changed);
  return () => {
    store?.removeEventListener('change', changed);
    window.removeEventListener('focus', changed);
  };
}

/** The way to the basket; the count is read in the browser, so that the page is the same for every shopper. */
export function BasketLink() {
  // Rendering again on every navigation reads the cookie again where the browser cannot tell of its changes.
  usePathname();
  const count = useSyncExternalStore(subscribe, readCount, () => 0);
  return (
    <Link
      href="/basket"
      className="flex min-h-11 items-center gap-2 px-1 font-display text-[0.95rem] underline-offset-[0.35em] hover:text-spot hover:underline"
    >
      Basket
      {count > 0 && (
        <span className="seed grid h-6 min-w-6 place-items-center bg-spot px-1.5 text-[0.85rem] font-semibold text-on-spot">
          {count}
          <span className="sr-only">{count === 1 ? ' piece' : ' pieces'}</span>
        </span>
      )}
    </Link>
  );
}
