import { grainCells, type GrainSize } from '@/lib/grain';

/** The drawing of a number (`lib/grain.ts`). Where the number is told beside it, it is decoration. */
export function GrainField({ seed, size, className, decorative = false, loading }: {
  seed: number;
  size: GrainSize;
  className?: string;
  decorative?: boolean;
  loading?: 'lazy';
}) {
  const [columns, rows] = grainCells(size);
  return (
    <img
      src={`/grain/${size}/${seed}.svg`}
      width={columns * 20}
      height={rows * 20}
      alt={decorative ? '' : `A field of small strokes grown from the number ${seed}; one of them lies odd`}
      decoding="async"
      loading={loading}
      className={className}
    />
  );
}
