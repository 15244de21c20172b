/** A seed number as the shop writes it: № 48213. */
export function Seed({ value, className = '' }: { value: string | number; className?: string }) {
  return (
    <span className={`seed ${className}`}>
      <span aria-hidden="true">№ </span>
      <span className="sr-only">Seed number </span>
      {value}
    </span>
  );
}
