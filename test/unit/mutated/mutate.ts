import fc from 'fast-check';

/** A way to spoil an answer; `text` is what arrives then. */
export interface Mutation {
  name: string;
  text: string;
}

type Path = (string | number)[];

/** Places so deep are still near the top. */
const shallow = 2;

/** Every place in a JSON value, the root first. */
function placesOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inner = Object.entries(value).flatMap(([key, field]) =>
    placesOf(field, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return [at, ...inner];
}

/** A copy in which the value at a place is another one, or, with undefined, is not there. */
function withValue(value: unknown, [key, ...rest]: Path, next: unknown): unknown {
  if (key === undefined) return next;
  if (Array.isArray(value)) {
    const index = Number(key);
    if (rest.length === 0 && next === undefined) return value.filter((_, at) => at !== index);
    return value.map((each, at) => (at === index ? withValue(each, rest, next) : each));
  }
  const { [key]: inner, ...others } = value as Record<string, unknown>;
  if (rest.length === 0 && next === undefined) return others;
  return { ...others, [key]: withValue(inner, rest, next) };
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((here, key) => (here as Record<string | number, unknown>)[key], value);

const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e300,
    '',
    'unknown',
    '__proto__',
    [],
    {},
    [null],
    [[]],
  ),
  fc.constantFrom<unknown>(
    { member: 7 },
    { member: 'mem_99' },
    { none: false },
    { absent: true },
    { flag: 'yes' },
  ),
  fc.string(),
  fc.integer(),
  fc.jsonValue(),
);

/** Any one spoiled form of a valid answer. */
export function mutationOf(valid: unknown): fc.Arbitrary<Mutation> {
  const text = JSON.stringify(valid);
  const places = placesOf(valid);
  // What stands at the top of a long answer says most, and would be met least.
  const top = places.filter(({ length }) => length <= shallow);
  const place = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...places) }, fc.constantFrom(...top));
  const changed = (name: string, next: unknown): Mutation => ({ name, text: JSON.stringify(next) ?? 'null' });
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(place, strange)
        .map(([at, to]) => changed(`set ${at.join('.')}`, withValue(valid, at, to))),
    },
    {
      weight: 4,
      arbitrary: place.map((at) => changed(`drop ${at.join('.')}`, withValue(valid, at, undefined))),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(place, place)
        .map(([from, to]) =>
          changed(`copy ${from.join('.')} to ${to.join('.')}`, withValue(valid, to, valueAt(valid, from))),
        ),
    },
    {
      weight: 2,
      arbitrary: place.map((at) => {
        const here = valueAt(valid, at);
        const twice = Array.isArray(here) ? [...here, ...here] : [here, here];
        return changed(`twice ${at.join('.')}`, withValue(valid, at, twice));
      }),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(place, fc.string(), fc.jsonValue()).map(([at, key, extra]) => {
        const here = valueAt(valid, at);
        const isObject = typeof here === 'object' && here !== null && !Array.isArray(here);
        return changed(
          `extra at ${at.join('.')}`,
          isObject ? withValue(valid, at, { ...here, [`x${key}`]: extra }) : valid,
        );
      }),
    },
    {
      weight: 1,
      arbitrary: fc
        .nat(text.length)
        .map((length) => ({ name: `cut at ${length}`, text: text.slice(0, length) })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.nat(text.length), fc.string({ minLength: 1 })).map(([at, noise]) => ({
        name: `noise at ${at}`,
        text: text.slice(0, at) + noise + text.slice(at + noise.length),
      })),
    },
  );
}
