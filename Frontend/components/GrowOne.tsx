import Form from 'next/form';
import Link from 'next/link';
import { random, seedFrom } from '@/lib/grain';
import { GrainField } from './GrainField';

const houseNumber = 48213;
const most = 99_999;

function readNumber(asked: string | undefined): number {
  const text = asked?.trim().slice(0, 40);
  if (!text) return houseNumber;
  const number = Number(text);
  // A word is a number too, one only has to ask it differently.
  return Number.isInteger(number) && number >= 0 && number <= most ? number : seedFrom(text) % (most + 1);
}

/** How it is made, shown instead of told: a number goes in, a drawing comes out. A plain form; the server draws. */
export function GrowOne({ asked }: { asked?: string }) {
  const number = readNumber(asked);
  const another = 1 + Math.floor(random(number)() * (most - 1));
  return (
    <section id="grow" aria-labelledby="grow-title" className="sheet pt-24 sm:pt-36">
      <div className="grid gap-x-16 gap-y-10 border-t border-ink pt-8 lg:grid-cols-[minmax(0,0.8fr)_minmax(0,1.2fr)]">
        <div>
          <h2 id="grow-title" className="text-[clamp(1.9rem,4vw,3rem)]">
            Try it with yours
          </h2>
          <p className="mt-4 max-w-[30rem]">
            A seed decides everything: where a line starts, which colour wins, what lies odd. The same number gives the
            same picture, today and in ten years. Ask our smallest program for one.
          </p>
          <Form action="/#grow" scroll={false} className="mt-7 flex max-w-[26rem] flex-wrap items-end gap-3">
            <div className="min-w-40 flex-1">
              <label htmlFor="seed" className="label mb-1 block text-soft">
                Your number, 0 to 99999
              </label>
              <input
                id="seed"
                name="seed"
                inputMode="numeric"
                autoComplete="off"
                maxLength={40}
                defaultValue={number}
                key={number}
                className="field seed text-xl"
              />
            </div>
            <button className="button">Grow it</button>
          </Form>
          <p className="mt-4">
            <Link href={`/?seed=${another}#grow`} scroll={false} prefetch={false} className="link font-display text-[0.95rem]">
              Or take <span className="seed">№ {another}</span>
            </Link>
          </p>
        </div>
        <figure className="bg-sheet p-5 sm:p-8" aria-live="polite">
          <GrainField seed={number} size="44x26" className="w-full" />
          <figcaption className="seed mt-4 flex justify-between text-[0.95rem] text-soft">
            <span>№ {number}</span>
            <span>1144 grains, one odd</span>
          </figcaption>
        </figure>
      </div>
    </section>
  );
}
