import { notFound } from 'next/navigation';

/** The slug that a segment of an address names: Next hands it on as it was sent, percent-encoded where it is not ASCII. What cannot be decoded names nothing. */
export function slugOf(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    notFound();
  }
}
