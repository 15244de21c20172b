/** The studio's ink cupboard: what is printed with a palette of this name, on its paper. A name that is not in it has no swatch. */
const cupboard: Record<string, { paper: string; inks: string[] }> = {
  Harbour: { paper: '#f4eee1', inks: ['#1f3a5f', '#e4572e', '#f2b134', '#7fb7be'] },
  Clay: { paper: '#f3e9dc', inks: ['#b9502f', '#2f4b4f', '#e3a857', '#7a2e1f'] },
  Moss: { paper: '#f1efe2', inks: ['#2f4a36', '#86a06a', '#d9a441', '#b5533c'] },
  Sumi: { paper: '#f6f3ea', inks: ['#1b1b22', '#d7402b', '#8c8a86'] },
  Midnight: { paper: '#161a2e', inks: ['#f2e9d8', '#f0a35e', '#5ea3c9', '#d9546b'] },
  Rosehip: { paper: '#f8ede6', inks: ['#c93f5c', '#2c3e66', '#f3a6a0', '#7d2048'] },
  Fjord: { paper: '#edf1ee', inks: ['#0f3d57', '#3e8e9e', '#e9724c', '#a9cbc4'] },
  Riso: { paper: '#f7f3e8', inks: ['#ff4c65', '#0078bf', '#ffb511', '#3d5588'] },
  Lichen: { paper: '#f0efe6', inks: ['#394b45', '#c8b560', '#d98e5f', '#6b7f5e'] },
  Persimmon: { paper: '#fbf1e3', inks: ['#ec6b2d', '#24425c', '#f7b267', '#8fb0a9'] },
  Plum: { paper: '#f4eceb', inks: ['#4a1f4d', '#e58e73', '#a04a7d', '#f2c879'] },
  Aizome: { paper: '#f3f1ea', inks: ['#1d2f6f', '#5f86c9', '#3e5fa8', '#9db4d9'] },
  Graphite: { paper: '#f2f1ed', inks: ['#2b2d30', '#e2b33c', '#8a8d90', '#c5c2ba'] },
  Citrus: { paper: '#fffaea', inks: ['#19415e', '#f4b400', '#e8602c', '#2d7d6b'] },
  'Night garden': { paper: '#10241f', inks: ['#e8e0c8', '#7fb68a', '#e58f65', '#d6c15a'] },
  Kiln: { paper: '#2a1a17', inks: ['#f1dcc0', '#e0703a', '#b23a2e', '#7c9b92'] },
  Sakura: { paper: '#faf1ee', inks: ['#b3364f', '#e88a9c', '#596a8a', '#f0c9b8'] },
  Dune: { paper: '#f6ebda', inks: ['#8c5a3a', '#c98b4b', '#3d4f5c', '#e6c08a'] },
  Blueprint: { paper: '#12335c', inks: ['#f3efe2', '#8fc1e3', '#f2c14e', '#5b8dbf'] },
  Meadow: { paper: '#f5f3e4', inks: ['#3b5b8c', '#e9c83d', '#e3705b', '#4f8a4c'] },
};

/** A strip of the palette's inks, as a CSS background; null for a name the cupboard does not know. */
export function swatch(palette: string): string | null {
  const found = cupboard[palette];
  if (!found) return null;
  const all = [...found.inks, found.paper];
  const stops = all.map((ink, i) => `${ink} ${(i * 100) / all.length}% ${((i + 1) * 100) / all.length}%`);
  return `linear-gradient(90deg, ${stops.join(', ')})`;
}
