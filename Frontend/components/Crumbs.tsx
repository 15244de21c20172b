import Link from 'next/link';

export interface Crumb {
  href: string;
  label: string;
}

export function Crumbs({ trail }: { trail: readonly Crumb[] }) {
  return (
    <nav aria-label="You are here" className="label text-soft">
      <ol className="flex flex-wrap gap-x-2">
        {trail.map((crumb, index) => (
          <li key={crumb.href} className="flex gap-x-2">
            {index > 0 && <span aria-hidden="true" className="py-1">/</span>}
            <Link href={crumb.href} className="inline-block py-1 hover:text-spot hover:underline">
              {crumb.label}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
