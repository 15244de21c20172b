'use client';

import { useRouter } from 'next/navigation';
import { startTransition } from 'react';
import { traceIdOf } from '@/lib/failures';

/** The page for failures that are not the shopper's: what happened, what to do, and the number to tell us. */
export function Trouble({ digest, retry }: { digest?: string; retry: () => void }) {
  const router = useRouter();
  const traceId = traceIdOf({ digest });
  return (
    <div className="sheet pt-12 sm:pt-20">
      <h1 className="text-[clamp(2.4rem,6vw,4.5rem)]">The press has jammed.</h1>
      <p className="mt-5 max-w-[34rem] text-[1.15rem]">
        Something behind this page did not answer. That is our fault, not yours. Please try again in
        a moment.
      </p>
      <div className="mt-8 flex flex-wrap items-center gap-x-7 gap-y-4">
        <button
          className="button"
          onClick={() =>
            startTransition(() => {
              router.refresh();
              retry();
            })
          }
        >
          Try again
        </button>
        {/* A whole page load: the router itself may be what failed. */}
        {/* eslint-disable-next-line @next/next/no-html-link-for-pages */}
        <a href="/" className="link font-display">
          To the front page
        </a>
      </div>
      {digest && (
        <p className="label mt-10 text-soft">
          If you write to us, tell us this {traceId ? 'trace' : 'number'}:{' '}
          <code className="seed select-all text-ink">{traceId ?? digest}</code>
        </p>
      )}
    </div>
  );
}
