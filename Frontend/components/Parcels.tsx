import type { Fulfilment } from '@/lib/api-schemas';
import { dayOf } from '@/lib/shop-time';

/** What is on its way, in which parcel, and how to follow it. */
export function Parcels({ parcels }: { parcels: readonly Fulfilment[] }) {
  if (parcels.length === 0) return null;
  return (
    <section aria-labelledby="parcels" className="mt-12 max-w-[34rem]">
      <h2 id="parcels" className="text-xl">
        {parcels.length === 1 ? 'Your parcel' : 'Your parcels'}
      </h2>
      <ul className="mt-4 space-y-5">
        {parcels.map((parcel, index) => (
          <li key={`${parcel.sentAt} ${parcel.trackingNumber}`} className="border border-line bg-sheet p-5 font-display text-[0.95rem]">
            <div className="flex flex-wrap items-baseline justify-between gap-x-5 gap-y-1">
              <h3 className="text-[1.02rem] font-[560] tracking-normal">
                {parcels.length > 1 && `Parcel ${index + 1}, `}
                {parcel.carrier ?? 'by post'}
              </h3>
              <p className="label text-soft">
                sent <time dateTime={parcel.sentAt}>{dayOf(parcel.sentAt)}</time>
              </p>
            </div>
            <ul className="mt-2.5 leading-relaxed">
              {parcel.lines.map((line) => (
                <li key={`${line.title} ${line.variantTitle}`}>
                  {Number(line.quantity) > 1 && <span className="tabular-nums">{line.quantity} × </span>}
                  {line.title}
                  {line.variantTitle && <span className="text-soft">, {line.variantTitle}</span>}
                </li>
              ))}
            </ul>
            {(parcel.trackingUrl || parcel.trackingNumber) && (
              <p className="mt-4 flex flex-wrap items-center gap-x-5 gap-y-2 border-t border-line pt-4">
                {parcel.trackingNumber && <span className="seed select-all">{parcel.trackingNumber}</span>}
                {parcel.trackingUrl && (
                  <a href={parcel.trackingUrl} rel="noreferrer noopener" target="_blank" className="link ml-auto">
                    Follow it<span className="sr-only"> (opens the carrier’s page)</span>
                  </a>
                )}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
