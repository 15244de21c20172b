import type { ProductCard } from '@/lib/api-schemas';
import { ProductTile } from './ProductTile';

const sizes = '(min-width: 84rem) 18rem, (min-width: 64rem) 23vw, (min-width: 40rem) 30vw, 45vw';

/** A wall of pieces; the first row is fetched at once, the rest as it comes into view. */
export function ProductGrid({ products, eager = 4, heading }: {
  products: readonly ProductCard[];
  eager?: number;
  heading?: 'h2' | 'h3';
}) {
  return (
    <ul className="grid grid-cols-2 gap-x-4 gap-y-10 sm:grid-cols-3 sm:gap-x-6 sm:gap-y-14 lg:grid-cols-4 lg:gap-x-8">
      {products.map((product, index) => (
        <li key={product.slug}>
          <ProductTile product={product} sizes={sizes} priority={index < eager} heading={heading} />
        </li>
      ))}
    </ul>
  );
}
