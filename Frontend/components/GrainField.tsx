import { growGrains } from '@/lib/grain';

/** The drawing of a number (`lib/grain.ts`) in the page's ink, its odd grain in the spot colour. */
export function GrainField({ seed, columns, rows, className }: {
  seed: number;
  columns: number;
  rows: number;
  className?: string;
}) {
  return (
    <svg
      viewBox={`0 0 ${columns} ${rows}`}
      className={className}
      role="img"
      aria-label={`A field of small strokes grown from the number ${seed}; one lies across the others`}
      strokeLinecap="round"
      fill="none"
    >
      {growGrains(seed, columns, rows).map((grain, index) => (
        <path
          key={index}
          d={`M${grain.x1} ${grain.y1}L${grain.x2} ${grain.y2}`}
          stroke={grain.odd ? 'var(--spot)' : 'currentColor'}
          strokeWidth={grain.weight}
        />
      ))}
    </svg>
  );
}
