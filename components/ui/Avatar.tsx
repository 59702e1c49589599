import './Avatar.css';

export interface AvatarProps {
  name: string;
  /** Diameter in pixels. Default 28. */
  size?: 20 | 24 | 28 | 36;
}

/** A member's initials on a neutral ground. Decoration: the name stands beside it. */
export function Avatar({ name, size = 28 }: AvatarProps) {
  return (
    <span
      class="ow-avatar"
      style={{ inlineSize: `${size}px`, blockSize: `${size}px`, fontSize: `${size * 0.4}px` }}
      data-initials={initials(name)}
      aria-hidden="true"
    />
  );
}

/** First letters of the first and the last word of a name; one letter where there is one word; '?' for no name. */
export function initials(name: string): string {
  const words = name.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  if (first === undefined) return '?';
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last]
    .map((word) => word?.match(/[\p{L}\p{N}]/u)?.[0] ?? '')
    .join('')
    .toUpperCase();
}
