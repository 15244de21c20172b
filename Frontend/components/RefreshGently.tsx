'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

const eagerMs = [2000, 3000, 5000, 8000, 12_000];
const patientMs = [20_000, 30_000];
const lastMs = 60_000;

/** Asks for the page again, ever less often, and only while somebody looks at it. */
export function RefreshGently({ eager }: { eager: boolean }) {
  const router = useRouter();
  useEffect(() => {
    const waits = eager ? eagerMs : patientMs;
    let turn = 0;
    let timer: ReturnType<typeof setTimeout>;
    const next = () => {
      timer = setTimeout(() => {
        if (!document.hidden) router.refresh();
        next();
      }, waits[turn++] ?? lastMs);
    };
    next();
    return () => clearTimeout(timer);
  }, [eager, router]);
  return (
    <noscript>
      <meta httpEquiv="refresh" content={eager ? '6' : '60'} />
    </noscript>
  );
}
