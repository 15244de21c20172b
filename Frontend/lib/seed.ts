/** A picture's seed, where its name tells it: a run of three or more digits, or a tag `seed:48213`. */
export function seedOf(names: { title?: string; slug?: string; tags?: readonly string[] }): string | null {
  for (const tag of names.tags ?? []) {
    const match = /^seed[:\-_ ]?(\d+)$/i.exec(tag);
    if (match) return match[1]!;
  }
  return /(?:^|[^\d])(\d{3,})(?!\d)/.exec(names.title ?? '')?.[1] ?? /(?:^|-)(\d{3,})(?=-|$)/.exec(names.slug ?? '')?.[1] ?? null;
}
