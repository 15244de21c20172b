import { describe, expect, it } from 'vitest';
import { keepsIdempotencyKey, refusalWords } from '@/lib/refusals';

describe('refusals', () => {
  it('has words for what a shopper meets on the way to an order', () => {
    const codes = [
      'products.not-found', 'baskets.quantity-unavailable', 'orders.out-of-stock', 'orders.basket-empty', 'orders.basket-already-ordered',
      'orders.total-changed', 'idempotency.in-flight', 'idempotency.key-reused',
      'accounts.email-taken', 'accounts.password-weak', 'accounts.sign-in-failed', 'accounts.password-wrong', 'accounts.session-ended', 'accounts.sessions-away',
    ];
    const general = refusalWords('something.unheard-of');
    for (const code of codes) expect(refusalWords(code), code).not.toBe(general);
  });

  it('never shows a code to a shopper', () => {
    expect(refusalWords('orders.some-new-code')).not.toContain('orders.');
  });

  it('sends the same key again only while the first request may be under way', () => {
    expect(keepsIdempotencyKey('idempotency.in-flight')).toBe(true);
    expect(keepsIdempotencyKey('orders.out-of-stock')).toBe(false);
  });
});
