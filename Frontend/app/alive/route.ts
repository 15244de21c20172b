/** Liveness of this process alone: asks nobody. */
export function GET() {
  return new Response('Alive', { headers: { 'Cache-Control': 'no-store' } });
}
