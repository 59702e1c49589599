import { useEffect, useState } from 'preact/hooks';
import './Skeleton.css';

export interface SkeletonProps {
  /** How many rows; at most eight are drawn. */
  rows: number;
  /** Height of a row in pixels, as the real one will have. */
  height: 36 | 48 | 52;
  /** Said and, after five seconds, shown: "Still counting open tasks, 31,000 so far". */
  text: string;
  /** Milliseconds before anything is drawn. Default 200. */
  delay?: number;
}

/** Rows of the final height while the first data is on its way. Space is taken at once, drawn after 200 ms. */
export function Skeleton({ rows, height, text, delay = 200 }: SkeletonProps) {
  const [age, setAge] = useState<'new' | 'drawn' | 'late'>(delay <= 0 ? 'drawn' : 'new');
  useEffect(() => {
    const draw = setTimeout(() => setAge((now) => (now === 'new' ? 'drawn' : now)), delay);
    const late = setTimeout(() => setAge('late'), 5000);
    return () => {
      clearTimeout(draw);
      clearTimeout(late);
    };
  }, [delay]);
  const count = Math.min(8, Math.max(1, rows));
  return (
    <div class="ow-skeleton">
      <p class={age === 'late' ? 'ow-meta ow-skeleton-text' : 'ow-hidden'}>{text}</p>
      <div aria-hidden="true" style={{ minBlockSize: `${count * height}px` }}>
        {age !== 'new' &&
          Array.from({ length: count }, (_, index) => (
            <div key={index} class="ow-skeleton-row" style={{ blockSize: `${height}px` }}>
              <span class="ow-skeleton-bar" style={{ inlineSize: `${40 + ((index * 17) % 35)}%` }} />
              {height > 36 && (
                <span class="ow-skeleton-bar" style={{ inlineSize: `${25 + ((index * 23) % 30)}%` }} />
              )}
            </div>
          ))}
      </div>
    </div>
  );
}
