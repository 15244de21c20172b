import type { MetadataRoute } from 'next';
import { shopClaim, shopName } from '@/lib/site';

export default function manifest(): MetadataRoute.Manifest {
  return {
    name: shopName,
    short_name: shopName,
    description: shopClaim,
    start_url: '/',
    display: 'browser',
    background_color: '#f2f2ee',
    theme_color: '#f2f2ee',
    icons: [{ src: '/icon.svg', type: 'image/svg+xml', sizes: 'any' }],
  };
}
