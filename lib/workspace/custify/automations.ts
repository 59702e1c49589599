import { addressesOf, type Person, type Persons } from './persons.ts';
import type { Part } from './reading.ts';
import type { NamedRecord } from './wire.ts';
import { idOf } from './wire.ts';
import { words } from './words.ts';

/**
 * What playbooks and lifecycles say of users. Their content is documented nowhere, so it is looked through for ids
 * and email addresses of people who are known: what is found is surely there, what is not found may be.
 */

export interface Found {
  ref: string;
  title: string;
  /** The playbook or lifecycle. */
  of: string;
}

export interface Named {
  found: Found[];
  /** Somebody who is known was recognised somewhere, so the form is one that can be looked through. */
  readable: boolean;
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const listAt = (record: Fields, name: string): Fields[] => {
  const list = record[name];
  return Array.isArray(list) ? list.filter(isFields) : [];
};

/** Who made or changed something owns nothing by it. */
const history = /^(created|updated|modified)_?(by|at)/i;

/** Every text within a value, however deep, with the names of the fields on the way. */
function* textsIn(value: unknown, path = '', depth = 0): Generator<{ path: string; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  if (!isFields(value) || depth > 8) return;
  for (const [name, inner] of Object.entries(value))
    if (!history.test(name)) yield* textsIn(inner, `${path}.${name}`, depth + 1);
}

const isPerson = (text: string, person: Person): boolean =>
  text === person.id || addressesOf(person).includes(text.toLowerCase());
const isAnybody = (text: string, persons: Persons): boolean => {
  const email = text.toLowerCase();
  return [persons.of({ id: text }), persons.of({ email }), ...persons.among({ email })].some(Boolean);
};

const isEmail = (action: Fields): boolean => /mail/i.test(String(action.type ?? action.kind ?? ''));
/** An action that sets who owns a customer. */
const assignsOwner = (action: Fields): boolean =>
  [...textsIn(action)].some(({ text }) =>
    /owners_(csm|account)|assign[\s_-]*(csm|owner|account)/i.test(text),
  );

const titleOf = (record: Fields, otherwise: string): string => {
  const title = record.title ?? record.name ?? record.subject;
  return typeof title === 'string' && title !== '' ? title : otherwise;
};

function look(
  entries: readonly { ref: string; of: string; fields: Fields; otherwise: string }[],
  persons: Persons,
  leaver: Person,
): Named {
  let readable = false;
  const found: Found[] = [];
  for (const { ref, of, fields, otherwise } of entries) {
    const texts = [...textsIn(fields)].map(({ text }) => text);
    readable ||= texts.some((text) => isAnybody(text, persons));
    if (texts.some((text) => isPerson(text, leaver)))
      found.push({ ref, of, title: titleOf(fields, otherwise) });
  }
  return { found, readable };
}

/** The actions of playbooks that name somebody: emails that go out in their name, and everything else. */
export function inPlaybooks(
  playbooks: readonly NamedRecord[],
  persons: Persons,
  leaver: Person,
): { tasks: Named; senders: Named } {
  const entries = playbooks.flatMap((playbook) =>
    listAt(playbook, 'actions').map((fields, index) => ({
      ref: `${idOf(playbook)}/${idOf(fields) ?? index}`,
      of: playbook.name ?? words.unnamed,
      fields,
      otherwise: words.action(index + 1),
    })),
  );
  const rest = entries.filter(({ fields }) => !assignsOwner(fields));
  return {
    tasks: look(
      rest.filter(({ fields }) => !isEmail(fields)),
      persons,
      leaver,
    ),
    senders: look(
      rest.filter(({ fields }) => isEmail(fields)),
      persons,
      leaver,
    ),
  };
}

/** Playbooks that set the owner of a customer, and whether they name the leaver for it. */
export function assigningPlaybooks(
  playbooks: readonly NamedRecord[],
  leaver: Person,
): { name: string; toLeaver: boolean }[] {
  return playbooks.flatMap((playbook) => {
    const assigning = listAt(playbook, 'actions').filter(assignsOwner);
    if (assigning.length === 0) return [];
    const toLeaver = assigning.some((action) =>
      [...textsIn(action)].some(({ text }) => isPerson(text, leaver)),
    );
    return [{ name: playbook.name ?? words.unnamed, toLeaver }];
  });
}

/** Whether it is known what each playbook does, so that none of them sets an owner unseen. */
export const saysActions = (playbooks: Part<NamedRecord[]>): boolean =>
  'found' in playbooks && playbooks.found.every((playbook) => Array.isArray((playbook as Fields).actions));

/** The task templates of lifecycles that name somebody. */
export function inLifecycles(lifecycles: readonly NamedRecord[], persons: Persons, leaver: Person): Named {
  const entries = lifecycles.flatMap((lifecycle) =>
    [
      ...listAt(lifecycle, 'tasks'),
      ...listAt(lifecycle, 'goals').flatMap((goal) => listAt(goal, 'tasks')),
    ].map((fields, index) => ({
      ref: `${idOf(lifecycle)}/${idOf(fields) ?? index}`,
      of: lifecycle.name ?? words.unnamed,
      fields,
      otherwise: words.action(index + 1),
    })),
  );
  return look(entries, persons, leaver);
}
