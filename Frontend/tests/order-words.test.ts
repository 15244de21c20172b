import { describe, expect, it } from 'vitest';
import type { Order } from '@/lib/api-schemas';
import { formatMoney } from '@/lib/money';
import { headlineOf, refundedWords, stateWords, stepsOf, sumsOf } from '@/lib/order-words';

const euro = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

const order = (change: Partial<Order>): Order =>
  ({
    number: 'OG-7K3M-9QXT', email: 'ann@example.com', status: 'paid', fulfilmentStatus: 'unfulfilled', total: euro(5290), paid: euro(5290), refunded: euro(0), refunds: [], fulfilments: [],
    placedAt: '2026-11-25T10:00:00Z', paidAt: '2026-11-25T10:05:00Z', reservedUntil: '2026-11-25T10:30:00Z', ...change,
  }) as Order;

const refund = (amountMinor: number, status: string) => ({ amount: euro(amountMinor), status, requestedAt: '2026-11-26T09:00:00Z', lines: [] });

describe('the headline of an order', () => {
  it('has words for every state', () => {
    const titles = ['awaiting-payment', 'authorised', 'paid', 'cancelled', 'expired'].map((status) => headlineOf(order({ status }), 'plain').title);
    expect(new Set(titles).size).toBe(5);
    expect(titles).not.toContain('Your order');
  });

  it('says until when the pieces are kept, in the studio’s time, and why it is not paid', () => {
    expect(headlineOf(order({ status: 'awaiting-payment' }), 'payment-cancelled').text).toBe('You came back without paying; nothing was charged. Your pieces are kept for you until 11:30 (Berlin).');
    expect(headlineOf(order({ status: 'awaiting-payment' }), 'returned').title).toBe('Waiting for the payment');
  });

  it('does not say that an authorised payment was taken', () => {
    expect(headlineOf(order({ status: 'authorised', paidAt: null }), 'plain').text).toContain('Your bank has promised €52.90; nothing has been taken yet.');
  });

  it('follows the parcels', () => {
    expect(headlineOf(order({ fulfilmentStatus: 'partial' }), 'plain').title).toBe('The first part is on its way.');
    expect(headlineOf(order({ fulfilmentStatus: 'fulfilled', refunds: [refund(1900, 'done')] }), 'plain').text).toMatch(/^All that was still to be sent/);
  });

  it('tells where the money is', () => {
    expect(headlineOf(order({ refunds: [refund(5290, 'under-way')] }), 'plain')).toEqual({
      title: 'Your money comes back', text: 'All of €52.90 was refunded. It goes to the card you paid with and takes a few days.',
    });
    expect(headlineOf(order({ status: 'cancelled', refunds: [refund(5290, 'done')] }), 'plain').text).toContain('You get €52.90 back. Your bank has it');
    expect(headlineOf(order({ status: 'cancelled', paidAt: null }), 'plain').text).toContain('Nothing was charged.');
  });
});

describe('the sums of an order', () => {
  const sums = (change: Partial<Order>) =>
    sumsOf(order({ subtotal: euro(999), shipping: euro(490), taxIncluded: euro(283), shippingMethod: { code: 'standard', title: '' }, ...change })).map(({ label, money }) => `${label} ${formatMoney(money)}`);

  it('say the tax before the total where it comes on top, after it where it is inside, and not where there is none', () => {
    const onTop = { pricesIncludeTax: false, total: euro(1772), paid: euro(1772) };
    expect(sums(onTop)).toEqual(['Subtotal €9.99', 'Shipping €4.90', 'VAT €2.83', 'Total €17.72']);
    const inside = { pricesIncludeTax: true, total: euro(1489), paid: euro(1489) };
    expect(sums(inside)).toEqual(['Subtotal €9.99', 'Shipping €4.90', 'Total €14.89', 'of which VAT €2.83']);
    expect(sums({ ...inside, pricesIncludeTax: false, taxIncluded: euro(0) })).toEqual(['Subtotal €9.99', 'Shipping €4.90', 'Total €14.89']);
  });

  it('say what was taken where it is less than the total, and what went back', () => {
    const part = { pricesIncludeTax: true, total: euro(1489), paid: euro(500) };
    expect(sums({ ...part, refunds: [refund(200, 'done')] }).slice(2)).toEqual(['Total €14.89', 'of which VAT €2.83', 'Paid €5.00', 'Refunded €2.00']);
    expect(sums({ ...part, paid: euro(0), paidAt: null, status: 'awaiting-payment' }).slice(2)).toEqual(['Total €14.89', 'of which VAT €2.83']);
    expect(stepsOf(order(part)).map((step) => step.text)).toEqual(['Placed', '€5.00 paid']);
    expect(headlineOf(order({ ...part, refunds: [refund(500, 'done')] }), 'plain').text).toContain('All of €5.00 was refunded.');
  });
});

describe('what has happened', () => {
  it('is told in order, and what is under way is open', () => {
    const parcel = { sentAt: '2026-11-25T12:00:00Z', carrier: 'DHL', trackingNumber: null, trackingUrl: null, lines: [] };
    const steps = stepsOf(order({ refunds: [refund(1900, 'under-way')], fulfilments: [parcel, { ...parcel, carrier: null, sentAt: '2026-11-27T12:00:00Z' }] }));
    expect(steps.map((step) => step.text)).toEqual(['Placed', '€52.90 paid', 'Parcel 1 sent with DHL', '€19.00 on its way back to your card', 'Parcel 2 sent']);
    expect(steps.filter((step) => step.open).length).toBe(1);
  });

  it('says what a refund is for, and how many of a line were paid back', () => {
    const lines = [{ title: 'Tide', variantTitle: 'A4', sku: null, quantity: 2 }, { title: 'Mug', variantTitle: '', sku: null, quantity: 1 }];
    expect(stepsOf(order({ refunds: [{ ...refund(1900, 'done'), lines }] })).at(-1)?.text).toBe('€19.00 for 2 × Tide (A4), Mug refunded');
    expect(refundedWords({ quantity: 3, cancelled: 1, returned: 1 })).toBe('2 of 3 refunded');
    expect(refundedWords({ quantity: 1, cancelled: 0, returned: 1 })).toBe('Refunded');
    expect(refundedWords({ quantity: 1, cancelled: 0, returned: 0 })).toBeNull();
  });
});

describe('the state in a list', () => {
  it('says what was sent, and never a code', () => {
    expect(stateWords('paid', 'fulfilled')).toBe('Sent');
    expect(stateWords('authorised', 'unfulfilled')).toBe('Set aside');
    expect(stateWords('some-new-state')).toBe('Under way');
  });
});
