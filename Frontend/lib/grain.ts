/**
 * The small drawing that grows from a number: a field of grains that follow a slow current, one of them lying odd.
 * The same number always gives the same drawing.
 */
export interface Grain {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  weight: number;
  odd: boolean;
}

/** Mulberry32: a 32-bit generator, enough for a drawing and the same everywhere. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** FNV-1a: turns any text, e.g. an order's number, into a seed. */
export function seedFrom(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}

/** Grains for a sheet of `columns` x `rows` cells; coordinates are in cells. */
export function growGrains(seed: number, columns: number, rows: number): Grain[] {
  const next = random(seed);
  const waves = Array.from({ length: 3 }, () => ({
    fx: (next() - 0.5) * 0.55,
    fy: (next() - 0.5) * 0.55,
    phase: next() * Math.PI * 2,
    strength: 0.5 + next(),
  }));
  const base = next() * Math.PI;
  const oddIndex = Math.floor((0.2 + next() * 0.6) * rows) * columns + Math.floor((0.2 + next() * 0.6) * columns);
  const grains: Grain[] = [];
  for (let index = 0; index < columns * rows; index++) {
    const x = (index % columns) + 0.5;
    const y = Math.floor(index / columns) + 0.5;
    const current = waves.reduce((sum, wave) => sum + wave.strength * Math.sin(wave.fx * x + wave.fy * y + wave.phase), 0);
    const odd = index === oddIndex;
    const angle = base + current * 0.9 + (odd ? Math.PI / 2 : 0);
    const swell = 0.5 + 0.5 * Math.sin(current * 1.7 + base);
    const half = 0.22 + 0.3 * swell;
    const dx = Math.cos(angle) * half;
    const dy = Math.sin(angle) * half;
    grains.push({
      x1: round(x - dx),
      y1: round(y - dy),
      x2: round(x + dx),
      y2: round(y + dy),
      weight: round(odd ? 0.3 : 0.07 + 0.17 * (1 - swell)),
      odd,
    });
  }
  return grains;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** The sheets that are drawn, in cells; any other size is refused. */
export const grainSizes = ['10x12', '16x20', '22x14', '24x30', '30x30', '34x14', '44x26'] as const;
export type GrainSize = (typeof grainSizes)[number];

export function isGrainSize(size: string): size is GrainSize {
  return (grainSizes as readonly string[]).includes(size);
}

export function grainCells(size: GrainSize): [columns: number, rows: number] {
  const [columns, rows] = size.split('x').map(Number) as [number, number];
  return [columns, rows];
}

const cellPixels = 20;

/** The drawing as an SVG file, in ink on nothing, that follows the reader's light or dark preference. */
export function drawGrains(seed: number, size: GrainSize): string {
  const [columns, rows] = grainCells(size);
  const byWeight = new Map<string, string>();
  for (const grain of growGrains(seed, columns, rows)) {
    const key = grain.odd ? 'o' : String(grain.weight);
    byWeight.set(key, `${byWeight.get(key) ?? ''}M${grain.x1} ${grain.y1}L${grain.x2} ${grain.y2}`);
  }
  const paths = [...byWeight].map(([key, d]) =>
    key === 'o' ? `<path class="o" stroke-width=".3" d="${d}"/>` : `<path stroke-width="${key}" d="${d}"/>`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns} ${rows}" width="${columns * cellPixels}" height="${rows * cellPixels}" fill="none" stroke-linecap="round">` +
    '<style>path{stroke:#15171c}.o{stroke:#1546d2}@media(prefers-color-scheme:dark){path{stroke:#ecebe5}.o{stroke:#8fb1ff}}</style>' +
    `${paths.join('')}</svg>`
  );
}
