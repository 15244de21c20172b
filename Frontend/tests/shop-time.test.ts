import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkShopTime, dayOf, fullDayOf, timeOf } from '@/lib/shop-time';

describe('the shop’s time', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is Berlin’s unless the setting that mails read too says otherwise', () => {
    const late = '2026-11-26T23:10:00Z';
    expect([dayOf(late), fullDayOf(late), timeOf(late)]).toEqual(['27 November', '27 November 2026', '00:10 (Berlin)']);
    vi.stubEnv('Shop__TimeZone', 'America/New_York');
    expect([dayOf(late), fullDayOf(late), timeOf(late)]).toEqual(['26 November', '26 November 2026', '18:10 (New York)']);
  });

  it('is refused at the start when it is that of no place', () => {
    expect(checkShopTime).not.toThrow();
    vi.stubEnv('Shop__TimeZone', 'Europe/Bonn');
    expect(checkShopTime).toThrow('Shop__TimeZone=Europe/Bonn is no time zone');
  });
});
