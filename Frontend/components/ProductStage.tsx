'use client';

import { useRef, useState, type ReactNode } from 'react';
import type { Product } from '@/lib/api-schemas';
import { findVariant } from '@/lib/variants';
import { BuyForm } from './BuyForm';
import { Gallery } from './Gallery';

/** Pictures on one side, the choice on the other; a variant with its own picture brings it to the front. */
export function ProductStage({ product, opening, showOpening, heading, children }: {
  product: Product;
  opening: string[];
  /** Whether the opening choice was asked for; otherwise the product's first picture leads. */
  showOpening: boolean;
  heading: ReactNode;
  children: ReactNode;
}) {
  const [choice, setChoice] = useState(opening);
  const show = useRef<(index: number) => void>(() => {});
  const first = showOpening && findVariant(product.variants, opening)?.image?.hash;
  const start = Math.max(0, product.images.findIndex((image) => image.hash === first));

  const take = (next: string[]) => {
    setChoice(next);
    const hash = findVariant(product.variants, next)?.image?.hash;
    const index = hash ? product.images.findIndex((image) => image.hash === hash) : -1;
    if (index >= 0) show.current(index);
  };

  return (
    <div className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-x-14 gap-y-8 lg:grid-cols-[minmax(0,1.35fr)_minmax(0,1fr)] xl:gap-x-20">
      <Gallery images={product.images} slug={product.slug} start={start} register={(to) => (show.current = to)} />
      <div className="lg:pt-4">
        {heading}
        <BuyForm product={product} choice={choice} onChoose={take} />
        {children}
      </div>
    </div>
  );
}
