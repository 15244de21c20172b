import type { NextConfig } from 'next';

const development = process.env.NODE_ENV === 'development';

// Next writes its page data as inline scripts. Without 'unsafe-inline' each page would need a nonce, and a page with a
// nonce cannot be kept by a shared cache. Everything else is closed: nothing is loaded from, or sent to, another origin, but the
// pictures that staff put into descriptions, which in files of other shops lie on those shops' servers.
// form-action must name the payment page: without JavaScript the browser follows the checkout form's redirect there.
const contentSecurityPolicy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline'${development ? " 'unsafe-eval'" : ''}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: https:",
  "font-src 'self'",
  `connect-src 'self'${development ? ' ws:' : ''}`,
  "object-src 'none'",
  "base-uri 'self'",
  "frame-ancestors 'none'",
  "form-action 'self' https: http://localhost:* http://127.0.0.1:*",
].join('; ');

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: ['@opentelemetry/sdk-node', '@opentelemetry/api-logs'],
  turbopack: { root: import.meta.dirname },
  images: { unoptimized: true },
  // The shop's build is checked by `npm run typecheck`; a start on a small machine need not pay for it again.
  typescript: { ignoreBuildErrors: true },
  experimental: { cpus: 1 },
  // Asked for by whatever does not read pages: feed readers, old browsers, previews of links.
  redirects: async () => [{ source: '/favicon.ico', destination: '/icon.svg', permanent: false }],
  async headers() {
    return [
      {
        source: '/:path*',
        headers: [
          { key: 'Content-Security-Policy', value: contentSecurityPolicy },
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
          { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), browsing-topics=()' },
          { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
        ],
      },
      {
        // An order's address carries its key. Not `no-referrer`: that would also blank the Origin of the page's own form.
        source: '/orders/:path*',
        headers: [{ key: 'Referrer-Policy', value: 'same-origin' }],
      },
    ];
  },
};

export default config;
