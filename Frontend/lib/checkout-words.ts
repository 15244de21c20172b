import type { Basket, BasketLine } from './api-schemas';
import { countedTotal, obstacleWords } from './availability';

/** A country that is served, and not with this basket. */
export const noWayThere = 'We have no way to send a parcel of this weight and value there. Change what is in your basket, or write to us.';

/** What the lines themselves say more of. */
export const linesInTheWay = 'Some pieces can no longer be bought in this number. Change or remove them in the basket to go on.';

/** Who began the checkout signed in is not any more: the basket is their account's, and only they see it. */
export const signedOut = 'You have been signed out in the meantime. Your basket is kept in your account: sign in again and it is here, as you filled it.';

/** The basket of the page has gone into another one: whoever signed in meanwhile has it in that of their account. */
export const otherBasket = 'Your basket is another one by now. Look at what is in it, then order from there.';

/** Where to go on when there is nothing left to order here. */
export type WayOn = 'sign-in' | 'basket';

/** What the summary beside the form shows of a line, the obstacle in words; no more of it travels with each answer. */
export type ShownLine = Pick<BasketLine, 'variantId' | 'title' | 'variantTitle' | 'image' | 'quantity' | 'lineTotal' | 'backorder'> & { obstacle: string | null };

export const shownLines = (basket: Basket): ShownLine[] =>
  basket.lines.map((line) => {
    const { variantId, title, variantTitle, image, quantity, backorder } = line;
    return { variantId, title, variantTitle, image, quantity, backorder, lineTotal: countedTotal(line), obstacle: obstacleWords(line) };
  });
