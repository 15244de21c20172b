import { describe, expect, it } from 'vitest';
import { parseSetCookie } from '@/lib/set-cookie';

describe('a cookie that Api sets', () => {
  it('is read with its value whole and the time it ends', () => {
    expect(parseSetCookie('session=CfDJ8-a=b==; expires=Wed, 09 Dec 2026 19:00:00 GMT; path=/; samesite=lax; httponly')).toEqual({
      name: 'session', value: 'CfDJ8-a=b==', expires: new Date('2026-12-09T19:00:00Z'),
    });
  });

  it('is taken away by an empty value', () => {
    expect(parseSetCookie('session=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/')).toMatchObject({ name: 'session', value: '' });
  });

  it('may last as long as the browser is open', () => {
    expect(parseSetCookie('session=x; path=/')).toEqual({ name: 'session', value: 'x' });
    expect(parseSetCookie('session=x; expires=soon')).toEqual({ name: 'session', value: 'x' });
  });

  it.each(['', 'session', '=x', '; path=/'])('is not %s', (text) => expect(parseSetCookie(text)).toBeNull());
});
