import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const typeNames: Record<string, string> = {
  array: 'a list',
  object: 'an object',
  record: 'an object',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  null: 'nothing',
};
const formatNames: Record<string, string> = {
  url: 'an address',
  datetime: 'a date and time in UTC',
  email: 'an email address',
};

/**
 * One sentence for the admin about the first thing that is wrong with `value`: what was expected, where, and what
 * came, for example «Expected a list of items at "items", got text.». It names kinds of values, never the values,
 * save a short plain word where a word of a fixed list was expected.
 */
export function describeMismatch(error: z.ZodError, value: unknown): string {
  const found = error.issues[0];
  if (!found) return 'Expected another answer.';
  const issue = innermost(found);
  const { expected, plain } = expectation(issue);
  const at = issue.path.length > 0 ? ` at "${pathText(issue.path)}"` : '';
  return `Expected ${expected}${at}, got ${kindOf(valueAt(value, issue.path), plain)}.`;
}

/** What kind of thing a value is, in plain words: "text", "a list", "nothing", "no value". */
function kindOf(value: unknown, sayWord = false): string {
  if (value === undefined) return 'no value';
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  // Only letters and dashes, and few of them: no token and hardly a name looks like that.
  if (typeof value === 'string') return sayWord && /^[A-Za-z-]{1,24}$/.test(value) ? `"${value}"` : 'text';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return 'an object';
}

/** Follows a union into the branch that came closest, so that the sentence names the field and not the union. */
function innermost(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const fewest = Math.min(...branches.map((branch) => branch.length));
  const [closest, ...others] = branches.filter((branch) => branch.length === fewest);
  const first = closest?.[0];
  if (!first || others.length > 0 || first.path.length === 0) return issue;
  const inner = { ...first, path: [...issue.path, ...first.path] } as Issue;
  return innermost(inner);
}

function expectation(issue: Issue): { expected: string; plain: boolean } {
  switch (issue.code) {
    case 'invalid_type': {
      const last = issue.path.at(-1);
      if (issue.expected === 'array' && typeof last === 'string')
        return { expected: `a list of ${last.toLowerCase()}`, plain: false };
      return { expected: typeNames[issue.expected] ?? issue.expected, plain: false };
    }
    case 'invalid_value':
      return { expected: oneOf(issue.values), plain: true };
    case 'invalid_format':
      return { expected: formatNames[issue.format] ?? `text of the form ${issue.format}`, plain: false };
    case 'too_small':
      return { expected: `${sizeOf(issue.origin)} of at least ${issue.minimum}`, plain: false };
    case 'too_big':
      return { expected: `${sizeOf(issue.origin)} of at most ${issue.maximum}`, plain: false };
    case 'unrecognized_keys':
      return { expected: 'no field of another name', plain: false };
    case 'invalid_union': {
      const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
      return options.length > 0
        ? { expected: oneOf(options), plain: true }
        : { expected: unionOf(issue.errors), plain: false };
    }
    case 'custom':
      return { expected: issue.message, plain: false };
    default:
      return { expected: 'another value', plain: false };
  }
}

const oneOf = (values: readonly unknown[]): string => {
  const words = values.map((value) => JSON.stringify(value));
  return words.length === 1 ? String(words[0]) : `one of ${words.join(', ')}`;
};

const sizeOf = (origin: string): string =>
  origin === 'string' ? 'text with a length' : origin === 'array' ? 'a list with a length' : 'a number';

/** When no branch came closest: their types, where they differ, else that it is one of several known forms. */
function unionOf(branches: readonly (readonly Issue[])[]): string {
  const types = new Set<string>();
  for (const [first] of branches)
    if (first?.code === 'invalid_type' && first.path.length === 0)
      types.add(typeNames[first.expected] ?? first.expected);
  return types.size > 0 && branches.length > 0 ? [...types].join(' or ') : 'one of the known forms';
}

/** `items[3].value`, as a person would write it. */
const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  );

function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<PropertyKey, unknown>)[key];
  }
  return here;
}
