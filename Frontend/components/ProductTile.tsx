import Link from 'next/link';
import type { ProductCard } from '@/lib/api-schemas';
import { formatPrice } from '@/lib/money';
import { seedFrom } from '@/lib/grain';
import { GrainField } from './GrainField';
import { Picture } from './Picture';

export function ProductTile({ product, sizes, priority = false, heading: Heading = 'h2' }: {
  product: ProductCard;
  sizes: string;
  priority?: boolean;
  heading?: 'h2' | 'h3';
}) {
  return (
    <article className="group relative">
      <div className="relative aspect-[4/5] overflow-hidden bg-mat">
        {product.image ? (
          <>
            <Picture image={product.image} sizes={sizes} priority={priority} maxWidth={960} className="size-full object-cover" />
            {product.hoverImage && (
              <span aria-hidden="true" className="absolute inset-0 hidden opacity-0 transition-opacity duration-300 group-focus-within:opacity-100 group-hover:opacity-100 [@media(hover:hover)]:block">
                <Picture image={product.hoverImage} sizes={sizes} alt="" maxWidth={640} className="size-full object-cover" />
              </span>
            )}
          </>
        ) : (
          <GrainField seed={seedFrom(product.slug)} size="16x20" className="size-full p-6" />
        )}
        {!product.available && (
          <span className="label absolute bottom-0 left-0 bg-paper px-2.5 py-1.5">Sold out</span>
        )}
      </div>
      <div className="mt-3 gap-x-4 sm:flex sm:items-baseline sm:justify-between">
        <Heading className="text-[1.02rem] font-[560] leading-snug tracking-normal">
          <Link href={`/products/${product.slug}`} className="after:absolute after:inset-0 group-hover:text-spot">
            {product.title}
          </Link>
        </Heading>
        <p className="shrink-0 font-display text-[0.95rem] tabular-nums">
          {product.priceVaries && <span className="text-soft">from </span>}
          {formatPrice(product.priceFrom)}
          {product.compareAtFrom && (
            <s className="ml-2 text-soft">
              <span className="sr-only">instead of </span>
              {formatPrice(product.compareAtFrom)}
            </s>
          )}
        </p>
      </div>
      <p className="label mt-0.5 text-soft">{product.productType}</p>
    </article>
  );
}
