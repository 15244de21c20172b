import type { Image } from '@/lib/api-schemas';
import { mediaUrl, sourceSet } from '@/lib/media';

/** A picture in the sizes and formats the edge offers. `sizes` says how wide it is laid out, as in HTML. */
export function Picture({ image, sizes, className, priority = false, alt, maxWidth = 1600 }: {
  image: Image;
  sizes: string;
  className?: string;
  priority?: boolean;
  alt?: string;
  maxWidth?: number;
}) {
  return (
    <picture className="contents">
      <source type="image/avif" srcSet={sourceSet(image, 'avif', maxWidth)} sizes={sizes} />
      <source type="image/webp" srcSet={sourceSet(image, 'webp', maxWidth)} sizes={sizes} />
      <img
        src={mediaUrl(image, 640, 'jpg')}
        width={Number(image.width)}
        height={Number(image.height)}
        alt={alt ?? image.alt}
        loading={priority ? 'eager' : 'lazy'}
        fetchPriority={priority ? 'high' : 'auto'}
        decoding={priority ? 'sync' : 'async'}
        className={className}
      />
    </picture>
  );
}
