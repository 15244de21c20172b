'use client';

import { useEffect, useRef, useState } from 'react';
import type { Image } from '@/lib/api-schemas';
import { seedFrom } from '@/lib/grain';
import { GrainField } from './GrainField';
import { Picture } from './Picture';

const thumbSizes = '5rem';
const stageSizes = '(min-width: 84rem) 44rem, (min-width: 64rem) 52vw, 92vw';

/** A strip of pictures that scrolls and snaps; the thumbnails are links to its pictures and work without scripts. */
export function Gallery({ images, slug, start, register }: {
  images: readonly Image[];
  slug: string;
  start: number;
  register: (show: (index: number) => void) => void;
}) {
  const strip = useRef<HTMLUListElement>(null);
  const [current, setCurrent] = useState(start);

  const show = (index: number) => {
    const element = strip.current;
    if (element) element.scrollTo({ left: index * element.clientWidth });
  };
  useEffect(() => register(show));
  useEffect(() => {
    const element = strip.current;
    if (element && start > 0) element.scrollTo({ left: start * element.clientWidth, behavior: 'instant' });
  }, [start]);

  if (images.length === 0) {
    return <GrainField seed={seedFrom(slug)} size="24x30" className="w-full bg-mat p-10" />;
  }
  return (
    <div className="lg:sticky lg:top-6 lg:self-start">
      <div className="-mx-[clamp(1.15rem,4vw,3.5rem)] sm:crop sm:mx-4 sm:mt-4 lg:max-w-[calc(84svh*0.8)]">
        <ul
          ref={strip}
          tabIndex={images.length > 1 ? 0 : undefined}
          aria-label="Pictures"
          onScroll={({ currentTarget: { scrollLeft, clientWidth } }) => setCurrent(Math.round(scrollLeft / clientWidth))}
          className="no-scrollbar flex snap-x snap-mandatory overflow-x-auto bg-mat motion-safe:scroll-smooth"
        >
          {images.map((image, index) => (
            <li
              key={image.hash}
              id={`picture-${index + 1}`}
              className="relative aspect-[4/5] w-full shrink-0 snap-center"
            >
              <Picture
                image={image}
                sizes={stageSizes}
                priority={index === start}
                className="absolute inset-0 size-full object-contain"
              />
            </li>
          ))}
        </ul>
      </div>
      {images.length > 1 && (
        <ol className="mt-4 flex flex-wrap gap-2.5 sm:mx-4 sm:mt-8">
          {images.map((image, index) => (
            <li key={image.hash}>
              <a
                href={`#picture-${index + 1}`}
                aria-current={index === current ? 'true' : undefined}
                onClick={(event) => {
                  event.preventDefault();
                  show(index);
                }}
                className="block size-14 overflow-hidden bg-mat outline-offset-2 aria-[current]:ring-2 aria-[current]:ring-ink aria-[current]:ring-offset-2 aria-[current]:ring-offset-paper sm:size-18"
              >
                <Picture image={image} sizes={thumbSizes} maxWidth={320} alt={`Picture ${index + 1}: ${image.alt}`} className="size-full object-cover" />
              </a>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
