import type { MetadataRoute } from 'next';
import { connection } from 'next/server';
import { listCollections, listProducts } from '@/lib/api';
import { absolute } from '@/lib/site';

const pageLimit = 100;
/** What one sitemap file may hold (sitemaps.org). */
const mostUrls = 50_000;

export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  await connection();
  const entries: MetadataRoute.Sitemap = ['/', '/products', '/collections', '/about'].map((path) => ({ url: absolute(path) }));
  for (const collection of await listCollections()) {
    entries.push({ url: absolute(`/collections/${collection.slug}`) });
  }
  let cursor: string | undefined;
  do {
    const page = await listProducts({ limit: pageLimit, sort: 'title', cursor });
    for (const product of page.items) entries.push({ url: absolute(`/products/${product.slug}`) });
    cursor = page.nextCursor ?? undefined;
  } while (cursor && entries.length <= mostUrls - pageLimit);
  return entries;
}
