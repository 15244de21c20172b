import type { Metadata } from 'next';
import Link from 'next/link';
import { GrainField } from '@/components/GrainField';

export const metadata: Metadata = { title: 'Not found' };

const seed = 404;

export default function NotFound() {
  return (
    <div className="sheet grid items-center gap-12 pt-12 sm:pt-20 lg:grid-cols-2">
      <div>
        <p className="seed text-xl text-spot">№ {seed}</p>
        <h1 className="mt-2 text-[clamp(2.4rem,6vw,4.5rem)]">Nothing grew here.</h1>
        <p className="mt-5 max-w-[32rem] text-[1.15rem]">
          This address leads to no page: the piece may be sold for good, or a letter is missing. The picture is what our
          program makes of the number 404.
        </p>
        <Link href="/products" className="button mt-8">
          See all pieces
        </Link>
      </div>
      {/* Every page carries this one with it: a picture that is not lazy would be fetched by all of them. */}
      <GrainField seed={seed} size="30x30" loading="lazy" className="w-full bg-sheet p-6 sm:p-10" />
    </div>
  );
}
