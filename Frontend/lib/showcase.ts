import type { ProductCard } from './api-schemas';
import { sameWork } from './kindred';

type Card = Pick<ProductCard, 'slug' | 'productType' | 'available' | 'image'>;

/**
 * A mixed wall from several lists: one piece of each in turn, each with another picture and always of the kind that is shown
 * least so far, so that a catalogue sorted by picture does not fill the front page with one. What cannot be seen or bought stays out.
 */
export function showcase<T extends Card>(lists: readonly (readonly T[])[], count: number, skip: readonly T[] = []): T[] {
  const all = lists.flat();
  const taken = new Set<string>();
  const take = (slug: string) => [{ slug }, ...sameWork(slug, all)].forEach((product) => taken.add(product.slug));
  for (const { slug } of skip) take(slug);
  const kinds = new Map<string, number>();
  for (const { productType } of skip) kinds.set(productType, (kinds.get(productType) ?? 0) + 1);

  const picked: T[] = [];
  let idle = 0;
  for (let turn = 0; picked.length < count && idle < lists.length; turn++) {
    const free = lists[turn % lists.length]!.filter(({ slug, available, image }) => available && image && !taken.has(slug));
    const least = Math.min(...free.map(({ productType }) => kinds.get(productType) ?? 0));
    const next = free.find(({ productType }) => (kinds.get(productType) ?? 0) === least);
    idle = next ? 0 : idle + 1;
    if (!next) continue;
    picked.push(next);
    take(next.slug);
    kinds.set(next.productType, least + 1);
  }
  return picked;
}
