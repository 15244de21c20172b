/** The shop's mark: nine grains, one of them lying odd. */
export function Mark({ className }: { className?: string }) {
  const cells = [4, 12, 20];
  return (
    <svg viewBox="0 0 24 24" className={className} aria-hidden="true" fill="none" strokeLinecap="round">
      {cells.flatMap((y) =>
        cells.map((x) => {
          const odd = x === 20 && y === 12;
          return (
            <path
              key={`${x}/${y}`}
              d={odd ? `M${x - 2} ${y + 2}l4-4` : `M${x - 2} ${y - 2}l4 4`}
              stroke={odd ? 'var(--spot)' : 'currentColor'}
              strokeWidth={odd ? 3.4 : 2.2}
            />
          );
        }),
      )}
    </svg>
  );
}
