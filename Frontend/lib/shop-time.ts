import 'server-only';

/** By which clock the shop says what day it is: the setting that mails read too. Known only when the server runs. */
function zone(): string {
  return process.env['Shop__TimeZone'] || 'Europe/Berlin';
}

const formats = new Map<string, Intl.DateTimeFormat>();

function write(instant: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${zone()} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('en-IE', { ...options, timeZone: zone() });
    formats.set(key, format);
  }
  return format.format(new Date(instant));
}

/** `27 November` */
export const dayOf = (instant: string) => write(instant, { day: 'numeric', month: 'long' });

/** `27 November 2026` */
export const fullDayOf = (instant: string) => write(instant, { dateStyle: 'long' });

/** `11:30 (Berlin)` */
export const timeOf = (instant: string) => `${write(instant, { timeStyle: 'short' })} (${zone().split('/').at(-1)?.replaceAll('_', ' ')})`;

/** @throws RangeError: the setting names no time zone. */
export function checkShopTime(): void {
  try {
    dayOf(new Date(0).toISOString());
  } catch (error) {
    throw new RangeError(`Shop__TimeZone=${zone()} is no time zone; it takes an IANA name such as Europe/Berlin.`, { cause: error });
  }
}
