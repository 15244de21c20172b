import type { MetadataRoute } from 'next';
import { connection } from 'next/server';
import { absolute } from '@/lib/site';

export default async function robots(): Promise<MetadataRoute.Robots> {
  await connection();
  return {
    rules: { userAgent: '*', allow: '/', disallow: ['/basket', '/checkout', '/orders/', '/api/'] },
    sitemap: absolute('/sitemap.xml'),
  };
}
