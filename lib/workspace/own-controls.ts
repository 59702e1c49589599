import { z } from 'zod';
import { controlsFile } from './own-controls-file.ts';
import type { Anchor, Deactivation, PageProfile } from './page-profile.ts';

/**
 * Controls that an admin has pointed at, as data: what a profile's own anchors do not find. They can be carried in a
 * file, so nothing in them is code: words are words, in which `*` stands for anything, and selectors name a tag and its
 * attributes.
 */
const words = z
  .string()
  .min(1)
  .max(200)
  // More of them would let a file make the page's browser try ever so many ways.
  .refine((text) => (text.match(/\*+/g)?.length ?? 0) <= 3, { message: 'at most three *' });
const selector = z
  .string()
  .max(300)
  .regex(/^([a-z][a-z0-9-]{0,40})?(\[[a-z][a-z0-9-]{0,40}="[^"\\\]]{1,120}"\]){0,4}$/)
  .min(1);
/** Attributes that makers of pages keep from one release to the next, the most telling one first. */
export const lastingAttributes = [
  'data-testid',
  'data-test',
  'data-test-id',
  'data-cy',
  'data-qa',
  'name',
  'type',
] as const;

const roles = ['button', 'switch', 'checkbox', 'link', 'menuitem', 'combobox', 'radio', 'tab'] as const;

const descriptionSchema = z.union([
  z.strictObject({
    role: z.enum(roles),
    name: words.optional(),
    /** The heading behind which it stands. */
    after: words.optional(),
    /** The row in which it stands, as a selector. */
    within: selector.optional(),
    nth: z.int().min(0).max(200).optional(),
  }),
  z.strictObject({ css: selector }),
]);

export const ownControlSchema = z.strictObject({
  id: z.string().min(1).max(64),
  /** The pages where it stands; parts of the path that differ by member are `:any`. */
  path: z
    .string()
    .max(300)
    .regex(/^\/[\w\-.~%:/]*$/),
  /** Once on a member's page, or once in each row of a list. */
  place: z.enum(['page', 'row']),
  /** Ways to find it, the most robust one first. */
  found: z.array(descriptionSchema).min(1).max(6),
});

const fileSchema = z.strictObject({
  kind: z.literal(controlsFile.kind),
  version: z.literal(controlsFile.version),
  controls: z.array(ownControlSchema).min(1).max(20),
});

export const ownControlsSchema = z.array(ownControlSchema).max(20);
export type OwnControl = z.infer<typeof ownControlSchema>;
export type Description = OwnControl['found'][number];

/** No file of controls is larger, characters. */
export const largestFile = 64_000;

/** The controls of a file, or in words what is wrong with it. */
export function readControls(text: string): { controls: OwnControl[] } | { wrong: string } {
  if (text.length > largestFile) return { wrong: `Expected at most ${largestFile} characters.` };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { wrong: 'Expected a JSON file of controls, got something else.' };
  }
  const parsed = fileSchema.safeParse(json);
  if (parsed.success) return { controls: parsed.data.controls };
  const at = parsed.error.issues[0]?.path.join('.') ?? '';
  return {
    wrong: `Expected a file of controls as it is exported here${at && `, got another value at "${at}"`}.`,
  };
}

/** Words as the expression that a profile has: the whole text, `*` for anything. */
const expression = (text: string): string =>
  `^${text.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll(/\*+/g, '.*')}$`;

/** A description as a profile's anchor. */
export function anchorOf(description: Description): Anchor {
  if ('css' in description) return description;
  const { name, after, ...rest } = description;
  return {
    ...rest,
    ...(name !== undefined && { name: expression(name) }),
    ...(after !== undefined && { after: expression(after) }),
  };
}

/** A profile in which the admin's own controls come first, and their pages are pages of members. */
export function withOwnControls(pages: PageProfile, own: readonly OwnControl[]): PageProfile {
  if (own.length === 0) return pages;
  const byText = pages.member.identity === 'text';
  const deactivation = own.map(
    ({ path, place, found }): Deactivation => ({
      path: byText || place === 'row' ? path : pages.member.path,
      control: found.map(anchorOf),
      memberFrom: byText ? 'text' : place === 'row' ? 'row' : 'path',
    }),
  );
  const paths = own.flatMap(({ path, place }) => (byText && place === 'page' ? [path] : []));
  return {
    ...pages,
    member: { ...pages.member, paths: [...new Set([...(pages.member.paths ?? []), ...paths])] },
    deactivation: [...deactivation, ...pages.deactivation],
  };
}

/**
 * Descriptions without anybody's name or address: in a control's name they become `*`; one that leans on them
 * elsewhere is left out. `persons` are texts of known members.
 */
export function withoutPersons(found: readonly Description[], persons: readonly string[]): Description[] {
  const texts = persons.filter((text) => text.trim().length > 1).sort((a, b) => b.length - a.length);
  const names = (text: string | undefined): boolean =>
    text !== undefined &&
    (/[^\s"]@[^\s"]/.test(text) || texts.some((each) => text.toLowerCase().includes(each.toLowerCase())));
  const strip = (text: string): string => {
    let stripped = text.replaceAll(/\S+@\S+/g, '*');
    for (const each of texts) {
      const pattern = new RegExp(each.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi');
      stripped = stripped.replaceAll(pattern, '*');
    }
    return stripped;
  };
  return found.flatMap((each): Description[] => {
    if ('css' in each) return names(each.css) ? [] : [each];
    if (names(each.after) || names(each.within)) return [];
    if (each.name === undefined) return [each];
    const name = strip(each.name);
    // What is nothing but a name says nothing of the control.
    return name.replaceAll(/[*\s]/g, '') === '' ? [] : [{ ...each, name }];
  });
}
