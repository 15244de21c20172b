import type { Collection } from './api-schemas';

/** The studio's own words for its collections, for where the catalogue brings none (a product CSV has no place for them). */
const words: Record<string, string> = {
  currents: 'Lines that let themselves be carried. Each knows only the water under it, and still a river comes of it.',
  'tide-pool': 'What the sea leaves between two rules: rings, shells, marbled water, small bright colonies.',
  herbarium: 'Plants that never stood anywhere. They branch, turn to the light and stop when the number says so.',
  'far-away': 'Hills behind hills. The paper gets lighter with every ridge, and so do you.',
  'loom-quilt': 'Over, under, over, and once in a while a thread that was asked to doubt.',
  playground: 'Few shapes, strict rules, no supervision.',
  orbits: 'Pendulums, circles and other patient machines, left running until they nearly repeat themselves.',
};

export function describe(collection: Pick<Collection, 'slug' | 'description'>): string | null {
  return collection.description || words[collection.slug] || null;
}
