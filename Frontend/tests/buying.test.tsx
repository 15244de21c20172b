import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { BasketLineRow } from '@/components/BasketLineRow';
import { BuyForm } from '@/components/BuyForm';
import { CollectionShelf } from '@/components/CollectionShelf';
import type { BasketLine, Collection, Product, Variant } from '@/lib/api-schemas';
import { productJsonLd } from '@/lib/product-json-ld';

const price = { amountMinor: 1900, currency: 'EUR' };
const seo = { title: '', description: '' };

const product = (variant: Partial<Variant> = {}, pricesIncludeTax = true): Product => ({
  slug: 'tide', title: 'Tide', descriptionHtml: '', vendor: 'Odd Grain', productType: 'Print', tags: [], collections: [], options: [],
  images: [], attributes: [], seo, pricesIncludeTax,
  variants: [{
    id: '1', sku: 'TIDE', title: '', options: [], price, compareAt: null, available: true, stockLeft: null, image: null, barcode: null, weightGrams: 0,
    minQuantity: 1, maxQuantity: 99, quantityStep: 1, backorder: false, ...variant,
  }],
});

const line = (change: Partial<BasketLine> = {}): BasketLine => ({
  variantId: '1', sku: 'TIDE', productSlug: 'tide', title: 'Tide', variantTitle: '', image: null, quantity: 1, unitPrice: price, lineTotal: price,
  available: true, obstacle: null, maxQuantity: 99, minQuantity: 1, quantityStep: 1, backorder: false, ...change,
});

const page = (of: Product) => renderToStaticMarkup(<BuyForm product={of} choice={[]} onChoose={() => {}} />);
const row = (of: BasketLine) => renderToStaticMarkup(<BasketLineRow line={of} />);
const offered = (of: BasketLine) => [...row(of).matchAll(/<option value="(\d+)"/g)].map(([, value]) => Number(value));

describe('the page of a product', () => {
  it('says whether VAT is in the price', () => {
    expect(page(product())).toContain('including VAT');
    expect(page(product({}, false))).toContain('plus VAT');
    expect(page(product({}, false))).not.toContain('including VAT');
  });

  it('says in which numbers it is sold, where that is not piece by piece', () => {
    expect(page(product())).not.toContain('Sold from');
    expect(page(product({ minQuantity: 6, quantityStep: 6 }))).toContain('Sold from 6, in steps of 6.');
  });

  it('does not call in stock what is made later, for people and for machines', () => {
    const late = product({ backorder: true });
    expect(page(late)).not.toContain('In stock');
    expect(page(late)).toContain('Add to basket');
    expect(JSON.stringify(productJsonLd(late))).toContain('https://schema.org/BackOrder');
    expect(page(product())).toContain('In stock');
    expect(JSON.stringify(productJsonLd(product()))).toContain('https://schema.org/InStock');
  });

  it('sells nothing where fewer are left than are sold at once', () => {
    expect(page(product({ available: false, stockLeft: 3, minQuantity: 6 }))).toContain('Sold out');
  });
});

describe('a line of the basket', () => {
  it('offers only what is allowed', () => {
    expect(offered(line({ minQuantity: 6, quantityStep: 6, maxQuantity: 24, quantity: 12 }))).toEqual([6, 12, 18, 24]);
    expect(offered(line({ quantity: 10 })).at(-1)).toBe(20);
  });

  it('says that it comes later', () => {
    expect(row(line({ backorder: true }))).toContain('as soon as it is made');
    expect(row(line())).not.toContain('as soon as');
  });
});

it('counts one piece of a collection as one', () => {
  const collection = { slug: 'orbits', title: 'Orbits', description: '', image: null, productCount: 1, seo } satisfies Collection;
  expect(renderToStaticMarkup(<CollectionShelf collections={[collection]} />)).toContain('1 piece<');
});
