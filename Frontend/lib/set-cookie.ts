export interface SetCookie {
  name: string;
  value: string;
  expires?: Date;
}

/** Reads `session=mS3q…; expires=Wed, 09 Dec 2026 19:00:00 GMT; path=/; httponly`; null for what is no cookie. */
export function parseSetCookie(text: string): SetCookie | null {
  const [pair, ...attributes] = text.split(';').map((part) => part.trim());
  const equals = pair?.indexOf('=') ?? -1;
  if (!pair || equals < 1) return null;
  const cookie: SetCookie = { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
  const expires = attributes.find((attribute) => attribute.toLowerCase().startsWith('expires='))?.slice('expires='.length);
  const date = expires ? new Date(expires) : null;
  return date && !Number.isNaN(date.getTime()) ? { ...cookie, expires: date } : cookie;
}
