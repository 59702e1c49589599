import type { Item, RunItem } from '../offboarding/model.ts';

/** So many items lie in one chunk: large enough that writing is cheap, small enough that reading one item is too. */
export const chunkSize = 250;

/**
 * Planned items as a scan found them, in the order of their refs: one row for many, since a row for each costs some
 * twenty times as much to write and seven times as much to read. Chunks of one category never overlap. What a run touches gets a row
 * of its own in `items`, which then wins over the chunk.
 */
export interface ChunkRow {
  run: string;
  category: string;
  /** Its items' refs, ascending; none is empty. */
  refs: string[];
  /** The last of the refs, as which the chunk is known. */
  last: string;
  /** One item a line, as JSON, without what the chunk says for all of them. */
  lines: string;
}

/** A page that did not come in the order of its refs; it waits here until the whole category is read. */
export interface LooseRow {
  run: string;
  category: string;
  /** The position of its first item. */
  position: number;
  refs: string[];
  lines: string;
}

/** An item with its place within its category. */
export interface Placed {
  item: Item;
  position: number;
}

const line = ({ item, position }: Placed): string =>
  JSON.stringify({ ...item, category: undefined, position });

/** The page as it waits for the rest of its category. */
export function looseOf(run: string, category: string, placed: readonly Placed[]): LooseRow {
  return {
    run,
    category,
    position: placed[0]?.position ?? 0,
    refs: placed.map(({ item }) => item.ref),
    lines: placed.map(line).join('\n'),
  };
}

/** Chunks of items whose refs ascend. */
export function chunksOf(run: string, category: string, placed: readonly Placed[]): ChunkRow[] {
  return packed(
    run,
    category,
    placed.map((each) => [each.item.ref, line(each)]),
  );
}

/** Chunks of refs and their lines, ascending by ref. */
function packed(run: string, category: string, lines: readonly (readonly [string, string])[]): ChunkRow[] {
  const chunks: ChunkRow[] = [];
  for (let at = 0; at < lines.length; at += chunkSize) {
    const part = lines.slice(at, at + chunkSize);
    const refs = part.map(([ref]) => ref);
    chunks.push({
      run,
      category,
      refs,
      last: refs.at(-1) ?? '',
      lines: part.map(([, text]) => text).join('\n'),
    });
  }
  return chunks;
}

/** The same items in the order of their refs, each once: of two with one ref that which comes later. */
export function inOrder(
  run: string,
  category: string,
  rows: readonly Pick<ChunkRow, 'refs' | 'lines'>[],
): ChunkRow[] {
  const lines = new Map<string, string>();
  for (const row of rows) {
    const texts = row.lines.split('\n');
    row.refs.forEach((ref, index) => {
      lines.set(ref, texts[index] ?? '');
    });
  }
  return packed(
    run,
    category,
    [...lines].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The chunk without the items that `keep` refuses; undefined when none is left, and itself when all are. */
export function without(chunk: ChunkRow, keep: (ref: string) => boolean): ChunkRow | undefined {
  if (chunk.refs.every(keep)) return chunk;
  const texts = chunk.lines.split('\n');
  const [rest] = packed(
    chunk.run,
    chunk.category,
    chunk.refs.flatMap((ref, index) => (keep(ref) ? [[ref, texts[index] ?? ''] as const] : [])),
  );
  return rest;
}

/** The items of a chunk, those after a ref alone where one is named. */
export function itemsOf(chunk: ChunkRow, after?: string): RunItem[] {
  const { run, category } = chunk;
  let { lines } = chunk;
  if (after !== undefined) {
    const first = chunk.refs.findIndex((ref) => ref > after);
    if (first < 0) return [];
    if (first > 0) lines = lines.split('\n').slice(first).join('\n');
  }
  // One call for all of them is several times faster than one for each.
  const items = JSON.parse(`[${lines.replaceAll('\n', ',')}]`) as Omit<
    RunItem,
    'run' | 'category' | 'state'
  >[];
  return items.map((item) => ({ ...item, run, category, state: 'planned' }));
}

/** One item of a chunk; undefined when it has none of that ref. */
export function itemOf(chunk: ChunkRow, ref: string): RunItem | undefined {
  const index = chunk.refs.indexOf(ref);
  if (index < 0) return undefined;
  const { run, category } = chunk;
  return { ...JSON.parse(chunk.lines.split('\n')[index] ?? ''), run, category, state: 'planned' };
}
