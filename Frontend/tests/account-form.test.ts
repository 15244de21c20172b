import { describe, expect, it } from 'vitest';
import { checkEmail, checkNewPassword, signInPath, wayBack } from '@/lib/account-form';

describe('the account form', () => {
  it.each(['', 'ada', 'ada@', 'ada@example'])('refuses "%s" as an email address', (value) => expect(checkEmail(value)).toBeTruthy());
  it('accepts an email address', () => expect(checkEmail('ada@example.com')).toBeNull());

  it.each(['short', 'aaaaaaaaaaaa', 'x'.repeat(129)])('refuses %s as a new password', (value) => expect(checkNewPassword(value)).toBeTruthy());
  it('goes back to the checkout afterwards, and nowhere outside the shop', () => {
    expect(wayBack(new URL(signInPath('/checkout'), 'http://shop').searchParams.get('next')!)).toBe('/checkout');
    for (const wanted of ['', '//evil.example', 'https://evil.example/checkout', '/checkout?x']) expect(wayBack(wanted)).toBe('/account');
  });

  it('accepts words in a row', () => expect(checkNewPassword('grain of the third print')).toBeNull());
});
