import { describe, expect, it } from 'vitest';
import type { Order, OrderLine } from '@/lib/api-schemas';
import { formatMoney } from '@/lib/money';
import { awaitedWords, headlineOf, refundedWords, stateWords, stepsOf, sumsOf, troubleOf } from '@/lib/order-words';

const euro = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

const line = (change: Partial<OrderLine>): OrderLine => ({ title: 'Tide', variantTitle: 'A4', sku: null, quantity: 2, cancelled: 0, returned: 0, awaited: 0, ...change }) as OrderLine;

const order = (change: Partial<Order>): Order =>
  ({
    number: 'OG-7K3M-9QXT', email: 'ann@example.com', status: 'paid', fulfilmentStatus: 'unfulfilled', total: euro(5290), paid: euro(5290), refunded: euro(0), refunds: [], fulfilments: [], lines: [line({})],
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

  it('asks nobody to pay what is being cancelled', () => {
    for (const visit of ['plain', 'returned'] as const) {
      expect(headlineOf(order({ status: 'awaiting-payment', cancellationRequested: true }), visit).title).toBe('Your order is being cancelled');
    }
  });

  it('does not say that an authorised payment was taken', () => {
    expect(headlineOf(order({ status: 'authorised', paidAt: null }), 'plain').text).toContain('Your bank has promised €52.90; nothing has been taken yet.');
  });

  it('follows the parcels', () => {
    expect(headlineOf(order({ fulfilmentStatus: 'partial' }), 'plain').title).toBe('The first part is on its way.');
    const sent = (of: Partial<OrderLine>) => headlineOf(order({ fulfilmentStatus: 'fulfilled', lines: [line(of)], refunds: [refund(1900, 'done')] }), 'plain').text;
    expect(sent({ cancelled: 1 })).toMatch(/^All that was still to be sent/);
    expect(sent({ returned: 1 })).toMatch(/^Everything you ordered has left/);
    expect(headlineOf(order({ fulfilmentStatus: 'partial', lines: [line({ cancelled: 1, quantity: 3 })] }), 'plain').text).toContain('what is still to be sent follows');
  });

  it('tells where the money is', () => {
    expect(headlineOf(order({ refunds: [refund(5290, 'under-way')] }), 'plain')).toEqual({
      title: 'Your money comes back', text: 'All of €52.90 was refunded. It goes to the card you paid with and takes a few days.',
    });
    expect(headlineOf(order({ status: 'cancelled', refunds: [refund(5290, 'done')] }), 'plain').text).toMatch(/^Nothing of it will be sent\. You get €52\.90 back\. Your bank has it/);
    expect(headlineOf(order({ status: 'cancelled', paidAt: null, paid: euro(0) }), 'plain').text).toBe('Nothing of it will be sent. Nothing was charged.');
  });

  it('does not thank for an order of which nothing will be sent any more', () => {
    const units = [{ title: 'Tide', variantTitle: 'A4', sku: null, quantity: 2 }];
    const lines = [line({ cancelled: 2 })];
    expect(headlineOf(order({ lines, refunds: [{ ...refund(4800, 'under-way'), lines: units }] }), 'plain')).toEqual({
      title: 'Nothing of this order will be sent', text: 'You get €48.00 back. It goes to the card you paid with and takes a few days.',
    });
    expect(headlineOf(order({ lines, refunds: [refund(5290, 'done')] }), 'plain').text).toMatch(/^You get €52\.90 back\. Your bank has it/);
    expect(headlineOf(order({ fulfilmentStatus: 'fulfilled', lines: [line({ returned: 2 })], refunds: [{ ...refund(4800, 'done'), lines: units }] }), 'plain')).toMatchObject({
      title: 'Your money comes back', text: expect.stringMatching(/^You get €48\.00 back\. Your bank has it/),
    });
  });

  it('promises no money where none is on its way: the bank has it, or a refund failed', () => {
    const none = /^Nothing of it will be sent\. We have no refund of your payment under way/;
    expect(headlineOf(order({ status: 'cancelled' }), 'plain').text).toMatch(none);
    expect(headlineOf(order({ status: 'cancelled', paidAt: null }), 'plain').text).toMatch(none);
    const part = headlineOf(order({ status: 'cancelled', refunds: [refund(1000, 'done')] }), 'plain').text;
    expect(part).toContain('You get €10.00 back.');
    expect(part).toContain('We have no refund of the rest under way');
    const failed = headlineOf(order({ lines: [line({ cancelled: 2 })] }), 'plain');
    expect(failed).toMatchObject({ title: 'Nothing of this order will be sent', text: expect.stringMatching(/^We have no refund of your payment under way/) });
    expect(headlineOf(order({ lines: [line({ cancelled: 2 })], refunds: [refund(500, 'done')] }), 'plain').text).toContain('no refund of the rest');
  });

  it('says of a refund that failed that it did not reach the card, and counts it as no money', () => {
    const failed = (amountMinor: number) => ({ ...refund(amountMinor, 'failed'), lines: [{ title: 'Tide', variantTitle: 'A4', sku: null, quantity: 2 }] });
    const cancelled = order({ status: 'cancelled', lines: [line({ cancelled: 2 })], refunds: [failed(5290)] });
    expect(headlineOf(cancelled, 'plain').text).toBe(
      'Nothing of it will be sent. We have no refund of your payment under way: €52.90 did not reach your card. We have been told, and write to you about another way.',
    );
    expect(stepsOf(cancelled).at(-1)).toMatchObject({ text: '€52.90 for 2 × Tide (A4) did not reach your card. We have been told, and write to you about another way.', open: false });
    expect(refundedWords(cancelled.lines[0]!, cancelled)).toBe('Will not be sent');
    expect(headlineOf(order({ refunds: [failed(5290)] }), 'plain').title).toBe('Thank you. It is yours.');

    const mended = order({ status: 'cancelled', lines: [line({ cancelled: 2 })], refunds: [failed(5290), { ...refund(5290, 'done'), requestedAt: '2026-11-28T09:00:00Z' }] });
    expect(headlineOf(mended, 'plain').text).toBe('Nothing of it will be sent. You get €52.90 back. Your bank has it; it may take some days to show on your statement.');
    expect(stepsOf(mended).map(({ text }) => text).slice(-2)).toEqual(['€52.90 for 2 × Tide (A4) did not reach your card', '€52.90 refunded']);
    expect(refundedWords(mended.lines[0]!, mended)).toBe('Refunded');
  });

  it('says of a payment that came too late that it goes back', () => {
    const late = { status: 'expired', paidAt: null };
    expect(headlineOf(order({ ...late, paid: euro(0) }), 'plain').text).toBe('It was not paid in time, so its pieces went back on the shelf. Nothing was charged.');
    const text = headlineOf(order({ ...late, refunds: [refund(5290, 'done')] }), 'plain').text;
    expect(text).toMatch(/^Your payment came too late.* You get €52\.90 back\. Your bank has it/);
    expect(text).not.toContain('Nothing was charged');
    expect(headlineOf(order(late), 'plain').text).toContain('We have no refund of your payment under way');
  });
});

describe('a cancellation without an answer', () => {
  it('does not claim that nothing happened, and is no matter any more once the order is over', () => {
    const words = troubleOf(order({ status: 'awaiting-payment' }), '', true);
    expect(words).toContain('your wish may have been noted');
    expect(words).not.toMatch(/kept|nothing/i);
    expect(troubleOf(order({ status: 'cancelled' }), '', true)).toBeNull();
    expect(troubleOf(order({ status: 'paid' }), 'orders.already-paid', false)).toContain('paid already');
    expect(troubleOf(order({ status: 'awaiting-payment' }), '', false)).toBeNull();
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
    expect(sums({ ...part, refunds: [refund(200, 'failed')] }).slice(2)).toEqual(['Total €14.89', 'of which VAT €2.83', 'Paid €5.00']);
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
  });

  it('says how many of a line were paid back, and claims it of no unit without a refund', () => {
    const units = (quantity: number) => [{ title: 'Tide', variantTitle: 'A4', sku: null, quantity }];
    const words = (of: Partial<OrderLine>, ...refunds: Order['refunds']) => refundedWords(line(of), order({ refunds }));
    expect(words({ quantity: 3, cancelled: 1, returned: 1 }, { ...refund(1900, 'done'), lines: units(2) })).toBe('2 of 3 refunded');
    expect(words({ quantity: 1, returned: 1 }, { ...refund(1900, 'done'), lines: units(1) })).toBe('Refunded');
    expect(words({ quantity: 1, returned: 1 }, { ...refund(1900, 'under-way'), lines: units(1) })).toBe('Refund under way');
    expect(words({ cancelled: 2 }, { ...refund(1900, 'done'), lines: units(1) }, { ...refund(1900, 'under-way'), lines: units(1) })).toBe('1 of 2 refunded, 1 of 2 about to be refunded');
    expect(words({ cancelled: 2 }, refund(5290, 'done'))).toBe('Refunded');
    expect(words({ cancelled: 2 }, { ...refund(1900, 'done'), lines: [{ ...units(2)[0]!, title: 'Mug' }] })).toBe('Will not be sent');
    expect(words({ cancelled: 1, returned: 1 })).toBe('1 of 2 will not be sent');
    expect(words({ returned: 2 })).toBeNull();
    expect(words({})).toBeNull();
  });
});

describe('what is not in stock yet', () => {
  it('is said of the units that are missing, and of no others', () => {
    expect(awaitedWords(line({ quantity: 3, awaited: 2 }))).toBe('2 of 3 not on the shelf yet; sent as soon as they are made');
    expect(awaitedWords(line({ quantity: 2, awaited: 2 }))).toBe('Not on the shelf yet; sent as soon as they are made');
    expect(awaitedWords(line({ quantity: 1, awaited: 1 }))).toBe('Not on the shelf yet; sent as soon as it is made');
    expect(awaitedWords(line({}))).toBeNull();
  });
});

describe('the state in a list', () => {
  it('says what was sent, and never a code', () => {
    expect(stateWords('paid', 'fulfilled')).toBe('Sent');
    expect(stateWords('authorised', 'unfulfilled')).toBe('Set aside');
    expect(stateWords('some-new-state')).toBe('Under way');
  });
});
