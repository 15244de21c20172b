import type { Product } from './api-schemas';
import { mediaUrl } from './media';
import { toDecimal } from './money';
import { plainText } from './plain-text';
import { absolute } from './site';

const descriptionLength = 5000;

/** schema.org Product with one offer per variant. */
export function productJsonLd(product: Product): object {
  const url = absolute(`/products/${product.slug}`);
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    name: product.title,
    description: plainText(product.descriptionHtml, descriptionLength),
    url,
    category: product.productType,
    brand: { '@type': 'Brand', name: product.vendor },
    image: product.images.map((image) => absolute(mediaUrl(image, 1280, 'jpg'))),
    offers: product.variants.map((variant) => ({
      '@type': 'Offer',
      sku: variant.sku ?? undefined,
      name: variant.title,
      url: `${url}?variant=${encodeURIComponent(variant.sku ?? variant.id)}`,
      price: toDecimal(variant.price),
      priceCurrency: variant.price.currency,
      availability: `https://schema.org/${!variant.available ? 'OutOfStock' : variant.backorder ? 'BackOrder' : 'InStock'}`,
      itemCondition: 'https://schema.org/NewCondition',
    })),
  };
}
