/** What the shop is called and where it is reached; the address is known only when the server runs. */
export const shopName = 'Oddgrain';
export const shopClaim = 'Prints and goods grown from code';

export function publicUrl(): URL {
  return new URL(process.env['Services__PublicUrl'] || 'http://localhost:8080');
}

export function absolute(path: string): string {
  return new URL(path, publicUrl()).toString();
}

export function isSecure(): boolean {
  return publicUrl().protocol === 'https:';
}
