/** What the shop is called and where it is reached; the address is known only when the server runs. */
export const shopName = 'Oddgrain';
export const shopClaim = 'Prints and goods grown from code';

/** What every page says of itself where it is shared; a page that says more says this too, for it replaces the whole. */
export const openGraph = { siteName: shopName, type: 'website', locale: 'en_IE' } as const;

export function publicUrl(): URL {
  return new URL(process.env['Services__PublicUrl'] || 'http://localhost:8080');
}

export function absolute(path: string): string {
  return new URL(path, publicUrl()).toString();
}

export function isSecure(): boolean {
  return publicUrl().protocol === 'https:';
}
