import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { Footer } from '@/components/Footer';
import { Header } from '@/components/Header';
import { openGraph, publicUrl, shopClaim, shopName } from '@/lib/site';
import './globals.css';

const bricolage = localFont({
  src: '../node_modules/@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wdth-normal.woff2',
  variable: '--font-bricolage',
  weight: '200 800',
  declarations: [{ prop: 'font-stretch', value: '75% 100%' }],
  display: 'swap',
  adjustFontFallback: 'Arial',
});

const newsreader = localFont({
  src: '../node_modules/@fontsource-variable/newsreader/files/newsreader-latin-wght-normal.woff2',
  variable: '--font-newsreader',
  weight: '200 800',
  display: 'swap',
  adjustFontFallback: 'Times New Roman',
});

export async function generateMetadata(): Promise<Metadata> {
  await connection();
  return {
    metadataBase: publicUrl(),
    title: { default: `${shopName} – ${shopClaim}`, template: `%s – ${shopName}` },
    description:
      'A small print studio whose pictures are grown from code. Every poster, card, cloth, cup and notebook starts from one number, its seed.',
    applicationName: shopName,
    openGraph,
    twitter: { card: 'summary_large_image' },
    formatDetection: { telephone: false, address: false, email: false },
  };
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f2f2ee' },
    { media: '(prefers-color-scheme: dark)', color: '#121316' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // The shop's address and Api's are known only to the running server: no page is made at build time.
  await connection();
  return (
    <html lang="en" className={`${bricolage.variable} ${newsreader.variable}`}>
      <body>
        <a href="#main" className="button sr-only focus:not-sr-only focus:absolute focus:left-4 focus:top-3 focus:z-50">
          Skip to the content
        </a>
        <Header />
        <main id="main" tabIndex={-1} className="flex-1 outline-none">
          {children}
        </main>
        <Footer />
      </body>
    </html>
  );
}
