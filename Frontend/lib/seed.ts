/** The seed that a picture grew from, as a tag tells it: `seed 48213`. Digits in a name tell none: a merchant's lamp may be called 240. */
export function seedOf({ tags }: { tags: readonly string[] }): string | null {
  for (const tag of tags) {
    const match = /^seed[:\-_ ]?(\d+)$/i.exec(tag);
    if (match) return match[1]!;
  }
  return null;
}
