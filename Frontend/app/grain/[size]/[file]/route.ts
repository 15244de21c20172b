import { drawGrains, isGrainSize } from '@/lib/grain';

/** `/grain/44x26/48213.svg`: the drawing of a number. It can never change, so it may be kept for ever. */
export async function GET(_request: Request, { params }: RouteContext<'/grain/[size]/[file]'>) {
  const { size, file } = await params;
  const seed = /^(\d{1,10})\.svg$/.exec(file)?.[1];
  if (!isGrainSize(size) || !seed || Number(seed) > 0xffffffff) {
    return new Response('No such drawing', { status: 404 });
  }
  return new Response(drawGrains(Number(seed), size), {
    headers: {
      'Content-Type': 'image/svg+xml',
      'Cache-Control': 'public, max-age=31536000, immutable',
    },
  });
}
