'use server';

import { revalidatePath } from 'next/cache';
import { createBasket, getProduct, setBasketLine } from '@/lib/api';
import type { Basket } from '@/lib/api-schemas';
import { basketId, currentBasket, forgetBasket, keepBasket } from '@/lib/basket';
import { Refusal } from '@/lib/failures';
import { nextQuantity, quantityWords } from '@/lib/quantities';
import { refusalWords } from '@/lib/refusals';
import { findVariant } from '@/lib/variants';

export interface AddState {
  status: 'idle' | 'added' | 'refused';
  message: string;
  /** Raised with every answer, so that the same words are announced again. */
  turn: number;
}

export interface LineState {
  message: string;
}

function readQuantity(form: FormData): number {
  const quantity = Number(form.get('quantity') ?? 1);
  return Number.isInteger(quantity) && quantity >= 0 && quantity <= 999 ? quantity : 1;
}

/** Adds the chosen variant of a product, on top of what the basket already holds of it: the least that is sold, later a step more. */
export async function addToBasket(previous: AddState, form: FormData): Promise<AddState> {
  const turn = previous.turn + 1;
  const refused = (message: string): AddState => ({ status: 'refused', message, turn });

  const product = await getProduct(String(form.get('product') ?? ''));
  if (!product) return refused(refusalWords('products.not-found'));
  const choice = product.options.map((_, index) => String(form.get(`option-${index}`) ?? ''));
  const variant = findVariant(product.variants, choice);
  if (!variant) return refused('That combination does not exist. Pick another size or finish.');

  let quantity: number | null;
  try {
    let basket: Basket = (await currentBasket()) ?? (await createBasket());
    const held = basket.lines.find((line) => line.variantId === variant.id)?.quantity ?? 0;
    quantity = nextQuantity(variant, Number(held));
    if (quantity === null) return refused('Your basket holds as many of this choice as we sell at once.');
    try {
      basket = await setBasketLine(basket.id, variant.id, quantity);
    } catch (error) {
      // The basket was ordered in another tab between reading and writing: this piece starts the next one.
      if (!(error instanceof Refusal) || error.code !== 'baskets.not-found') throw error;
      quantity = Number(variant.minQuantity);
      basket = await setBasketLine((await createBasket()).id, variant.id, quantity);
    }
    await keepBasket(basket);
  } catch (error) {
    if (error instanceof Refusal) return refused(refusalWords(error.code));
    throw error;
  }
  return { status: 'added', message: quantityWords(variant) ? `${product.title} is in your basket, ${quantity} of it.` : `${product.title} is in your basket.`, turn };
}

/** Sets a line's quantity; zero, or the remove button, takes the line out. */
export async function changeLine(_previous: LineState, form: FormData): Promise<LineState> {
  const id = await basketId();
  if (!id) return { message: refusalWords('baskets.not-found') };
  const quantity = form.get('remove') !== null ? 0 : readQuantity(form);
  try {
    await keepBasket(await setBasketLine(id, String(form.get('variant') ?? ''), quantity));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 'baskets.not-found') await forgetBasket();
    return { message: refusalWords(error.code) };
  } finally {
    revalidatePath('/basket');
  }
  return { message: '' };
}
