import type { Metadata } from 'next';
import Link from 'next/link';
import { GrainField } from '@/components/GrainField';
import { Picture } from '@/components/Picture';
import { listCollections } from '@/lib/api';
import { describe } from '@/lib/collection-words';
import { seedFrom } from '@/lib/grain';
import { pieces } from '@/lib/quantities';

export const metadata: Metadata = {
  title: 'Collections',
  description: 'Each collection is one program, asked again and again with different numbers.',
  alternates: { canonical: '/collections' },
};

export default async function CollectionsPage() {
  const collections = await listCollections();
  return (
    <div className="sheet pt-10 sm:pt-16">
      <h1 className="text-[clamp(2.4rem,6vw,4.5rem)]">Collections</h1>
      <p className="mt-5 max-w-[38rem] text-[1.15rem] text-soft">
        A collection is one program, asked again and again with different numbers.
      </p>
      {collections.length === 0 && (
        <p className="mt-10 max-w-[34rem] border-t border-line pt-8 text-[1.15rem]">None hangs yet. The first one is being made; please look in again soon.</p>
      )}
      <ul className="mt-12 grid gap-x-8 gap-y-14 sm:grid-cols-2 lg:grid-cols-3">
        {collections.map((collection, index) => (
          <li key={collection.slug} className="group relative">
            <div className="aspect-[4/3] overflow-hidden bg-mat">
              {collection.image ? (
                <Picture
                  image={collection.image}
                  alt=""
                  priority={index < 3}
                  sizes="(min-width: 64rem) 26rem, (min-width: 40rem) 45vw, 92vw"
                  className="size-full object-cover"
                />
              ) : (
                <GrainField seed={seedFrom(collection.slug)} size="22x14" decorative className="size-full object-cover" />
              )}
            </div>
            <h2 className="mt-4 text-2xl">
              <Link href={`/collections/${collection.slug}`} className="after:absolute after:inset-0 group-hover:text-spot">
                {collection.title}
              </Link>
            </h2>
            <p className="mt-1.5 text-soft">{describe(collection)}</p>
            <p className="label mt-2 text-soft">{pieces(collection.productCount)}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
