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
    description: plainText(product.descriptionHtml, descriptionLength) || undefined,
    url,
    category: product.productType || undefined,
    brand: product.vendor ? { '@type': 'Brand', name: product.vendor } : undefined,
    image: product.images.length > 0 ? product.images.map((image) => absolute(mediaUrl(image, 1280, 'jpg'))) : undefined,
    offers: product.variants.map((variant) => ({
      '@type': 'Offer',
      sku: variant.sku ?? undefined,
      name: variant.title || undefined,
      url: `${url}?variant=${encodeURIComponent(variant.sku ?? variant.id)}`,
      price: toDecimal(variant.price),
      priceCurrency: variant.price.currency,
      availability: `https://schema.org/${!variant.available ? 'OutOfStock' : variant.backorder ? 'BackOrder' : 'InStock'}`,
      itemCondition: 'https://schema.org/NewCondition',
    })),
  };
}
