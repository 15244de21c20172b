import Link from 'next/link';
import type { Product } from '@/lib/api-schemas';
import { listHref } from '@/lib/catalog';
import { swatch } from '@/lib/inks';

/** The facts of a product one may also filter by: each leads to what shares it. */
export function Facts({ attributes }: { attributes: Product['attributes'] }) {
  if (attributes.length === 0) return null;
  return (
    <dl className="mt-8 grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2 border-t border-line pt-6 font-display text-[0.95rem]">
      {attributes.map((fact) => (
        <div key={fact.key} className="contents">
          <dt className="label text-soft">{fact.label}</dt>
          <dd className="flex flex-wrap items-center gap-x-4 gap-y-1">
            {fact.values.map((value) => {
              const inks = fact.key === 'custom.inks' ? swatch(value) : null;
              return (
                <Link key={value} href={listHref('/products', { attribute: [`${fact.key}:${value}`] })} className="link flex items-center gap-2.5">
                  {inks && <span aria-hidden="true" className="h-4 w-12 border border-line" style={{ background: inks }} />}
                  {value}
                </Link>
              );
            })}
          </dd>
        </div>
      ))}
    </dl>
  );
}
