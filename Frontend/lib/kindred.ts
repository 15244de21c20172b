interface Named {
  slug: string;
}

/** How many words of an address name the thing (`…-mug`, `…-art-print`) rather than the picture on it. */
const thingWords = [1, 2];

/**
 * The same picture on other things, told by the address: `undertow-art-print` and `undertow-mug` share `undertow`.
 * Empty where no other address begins alike.
 */
export function sameWork<T extends Named>(slug: string, others: readonly T[]): T[] {
  const words = slug.split('-');
  for (const thing of thingWords) {
    if (words.length <= thing) break;
    const stem = `${words.slice(0, -thing).join('-')}-`;
    const found = others.filter((other) => other.slug !== slug && other.slug.startsWith(stem) && thingOf(other.slug, stem));
    if (found.length > 0) return found;
  }
  return [];
}

const thingOf = (slug: string, stem: string) => thingWords.includes(slug.slice(stem.length).split('-').length);

/** The pieces that follow in their list, beginning again at its start. */
export function following<T extends Named>(slug: string, list: readonly T[], count: number, without: readonly T[] = []): T[] {
  const at = list.findIndex((other) => other.slug === slug);
  return [...list.slice(at + 1), ...list.slice(0, Math.max(at, 0))]
    .filter((other) => !without.some((known) => known.slug === other.slug))
    .slice(0, count);
}
