import Link from 'next/link';
import type { Collection } from '@/lib/api-schemas';
import { describe } from '@/lib/collection-words';
import { seedFrom } from '@/lib/grain';
import { pieces } from '@/lib/quantities';
import { GrainField } from './GrainField';
import { Picture } from './Picture';

const shown = 6;

/** The collections as a printed index: a name, a line of text, a picture. */
export function CollectionShelf({ collections }: { collections: readonly Collection[] }) {
  if (collections.length === 0) return null;
  return (
    <section aria-labelledby="collections" className="sheet pt-24 sm:pt-36">
      <div className="mb-6 flex flex-wrap items-baseline justify-between gap-4">
        <h2 id="collections" className="text-[clamp(1.9rem,4vw,3rem)]">
          One program, many numbers
        </h2>
        <Link href="/collections" className="link font-display text-[0.95rem]">
          All collections
        </Link>
      </div>
      <ul className="border-t border-ink">
        {collections.slice(0, shown).map((collection) => (
          <li
            key={collection.slug}
            className="group relative grid grid-cols-[5.5rem_minmax(0,1fr)] items-center gap-x-5 border-b border-line py-4 sm:grid-cols-[9rem_minmax(0,1fr)_minmax(0,1.1fr)_auto] sm:gap-x-10"
          >
            <div className="aspect-[4/3] overflow-hidden bg-mat">
              {collection.image ? (
                <Picture image={collection.image} alt="" sizes="9rem" maxWidth={480} className="size-full object-cover" />
              ) : (
                <GrainField seed={seedFrom(collection.slug)} size="22x14" decorative className="size-full object-cover" />
              )}
            </div>
            <h3 className="text-[clamp(1.35rem,2.6vw,2rem)]">
              <Link href={`/collections/${collection.slug}`} className="after:absolute after:inset-0 group-hover:text-spot">
                {collection.title}
              </Link>
            </h3>
            <p className="hidden text-soft sm:block">{describe(collection)}</p>
            <p className="label hidden text-soft sm:block">{pieces(collection.productCount)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
