import type { Metadata } from 'next';
import Link from 'next/link';
import { GrainField } from '@/components/GrainField';

export const metadata: Metadata = {
  title: 'How it is made',
  description: 'From a number to a print: how Oddgrain’s pictures grow, and how they reach you.',
  alternates: { canonical: '/about' },
};

const steps = [
  {
    seed: 1,
    title: 'A program',
    text: 'Each collection is one program, written by hand and kept short enough to understand: currents, folds, tilings, slow growth. It knows how to draw, but not yet what.',
  },
  {
    seed: 17,
    title: 'A number',
    text: 'We give it a seed. Every decision follows from it, so two neighbouring numbers can look like strangers, and one number always looks like itself.',
  },
  {
    seed: 48213,
    title: 'A choice',
    text: 'Most numbers are dull. We look at a few hundred, keep the ones that stop us, and write the number on the print. That is the whole editing.',
  },
];

export default function AboutPage() {
  return (
    <div className="sheet pt-10 sm:pt-16">
      <h1 className="max-w-[14ch] text-[clamp(2.6rem,7vw,5.5rem)] leading-[0.97]">A drawer full of numbers</h1>
      <p className="mt-7 max-w-[36rem] text-[clamp(1.15rem,1.6vw,1.35rem)] leading-relaxed">
        Oddgrain owns no originals. What we keep is a shelf of small programs and a list of numbers. When you order,
        program and number meet again, and the picture grows as it did the first time, down to the last grain.
      </p>

      <ol className="mt-16 grid gap-x-10 gap-y-14 sm:mt-24 lg:grid-cols-3">
        {steps.map((step) => (
          <li key={step.seed}>
            <GrainField seed={step.seed} size="22x14" className="w-full bg-sheet p-5" />
            <h2 className="mt-5 flex items-baseline justify-between gap-4 text-2xl">
              {step.title} <span className="seed text-base font-normal text-soft">№ {step.seed}</span>
            </h2>
            <p className="mt-2">{step.text}</p>
          </li>
        ))}
      </ol>

      <div className="mt-20 grid gap-x-16 gap-y-12 border-t border-ink pt-10 sm:mt-28 lg:grid-cols-2">
        <section aria-labelledby="materials">
          <h2 id="materials" className="text-3xl">Paper, cloth and clay</h2>
          <dl className="mt-5 space-y-4">
            {[
              ['Art prints', 'Pigment ink on uncoated cotton paper, framed in solid oak if you like. The grain you see is the picture’s; the tooth you feel is the paper’s.'],
              ['Cards and notebooks', 'Offset on recycled board, folded and sewn, never glued where thread will do.'],
              ['Textiles and bags', 'Printed on unbleached cotton and linen, one repeat per seed.'],
              ['Ceramics', 'Transfers fired into the glaze, so the drawing outlives the dishwasher.'],
            ].map(([name, text]) => (
              <div key={name}>
                <dt className="font-display font-[560]">{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section aria-labelledby="shipping">
          <h2 id="shipping" className="text-3xl">Shipping and payment</h2>
          <div className="prose mt-5">
            <p>
              Beside every piece’s price stands whether VAT is in it. The checkout shows the shipping for your country
              before you order, and larger baskets travel free.
            </p>
            <p>
              You pay by card on Stripe’s page. We hold your pieces while you pay; if you change your mind there, nothing
              is charged and they go back on the shelf.
            </p>
            <p>
              This is the demonstration shop of an open e-commerce system. The pictures are real, the parcels are not.
            </p>
          </div>
          <Link href="/products" className="button mt-8">
            See all pieces
          </Link>
        </section>
      </div>
    </div>
  );
}
