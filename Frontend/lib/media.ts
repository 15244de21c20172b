import type { Image } from './api-schemas';

/** The widths the edge cuts; any other is refused there. */
export const mediaWidths = [160, 320, 480, 640, 960, 1280, 1600] as const;

export function mediaUrl(image: Pick<Image, 'hash'>, width: (typeof mediaWidths)[number], extension: string): string {
  return `/media/${image.hash}/${width}.${extension}`;
}

export function sourceSet(image: Pick<Image, 'hash'>, extension: string, maxWidth: number = 1600): string {
  return mediaWidths
    .filter((width) => width <= maxWidth)
    .map((width) => `${mediaUrl(image, width, extension)} ${width}w`)
    .join(', ');
}
