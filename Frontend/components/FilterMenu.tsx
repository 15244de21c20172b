'use client';

import { useEffect, useRef, type ReactNode } from 'react';

/** A menu that opens without scripts; with them it also closes on Escape and on a click beside it. */
export function FilterMenu({ label, chosen, children }: { label: string; chosen: number; children: ReactNode }) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: PointerEvent | KeyboardEvent) => {
      const details = menu.current;
      if (!details?.open) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== 'Escape') return;
        details.open = false;
        details.querySelector('summary')?.focus();
      } else if (!details.contains(event.target as Node)) details.open = false;
    };
    document.addEventListener('pointerdown', close);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('keydown', close);
    };
  }, []);
  return (
    <details ref={menu} name="filter" className="group/menu">
      <summary className="flex min-h-10 list-none items-center gap-1.5 px-2 font-display text-[0.92rem] select-none group-first/menu:pl-0 hover:text-spot sm:min-h-8 [&::-webkit-details-marker]:hidden">
        <span className={chosen > 0 ? 'font-semibold' : undefined}>{label}</span>
        {chosen > 0 && <span className="grid size-5 place-items-center rounded-full bg-ink text-[0.72rem] leading-none text-paper tabular-nums">{chosen}<span className="sr-only"> chosen</span></span>}
        <svg aria-hidden="true" viewBox="0 0 10 6" className="size-2.5 fill-none stroke-current stroke-[1.5] transition-transform group-open/menu:rotate-180">
          <path d="M1 1l4 4 4-4" />
        </svg>
      </summary>
      <div className="absolute inset-x-0 top-full z-20 border border-edge bg-sheet px-5 py-5 shadow-[0_18px_40px_-18px_rgb(0_0_0/0.35)] sm:px-7 sm:py-6">{children}</div>
    </details>
  );
}
