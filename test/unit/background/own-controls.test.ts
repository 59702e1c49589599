import { describe, expect, it } from 'vitest';
import { createControlHandlers } from '../../../entrypoints/background/control-handlers.ts';
import { createWho } from '../../../entrypoints/background/who.ts';
import { commands } from '../../../lib/messages/protocol.ts';
import type { Refused } from '../../../lib/messages/refused.ts';
import type { Member } from '../../../lib/offboarding/model.ts';
import { patternOf } from '../../../lib/overlay/describe.ts';
import { createMemory } from '../../../lib/workspace/memory.ts';
import {
  anchorOf,
  type Description,
  type OwnControl,
  readControls,
  withOwnControls,
} from '../../../lib/workspace/own-controls.ts';
import { writeControls } from '../../../lib/workspace/own-controls-file.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { pageProfile } from '../../sandbox/page-profile.ts';

const page = { kind: 'page', origin: '', tab: undefined, window: undefined } as const;
const dana = {
  id: 'd',
  name: 'Dana Ruiz',
  email: 'dana@acme.example',
  active: true,
  admin: 'unknown',
} as Member;

function handlersOf() {
  const memories = new Map<string, ReturnType<typeof createMemory>>();
  const workspace = {
    members: async ({ text = '' }) => ({
      items: `${dana.name} ${dana.email}`.toLowerCase().includes(text.toLowerCase()) ? [dana] : [],
    }),
  } as unknown as Workspace;
  const connections = {
    memoryOf: (id: string) => {
      const memory = memories.get(id) ?? createMemory();
      memories.set(id, memory);
      return memory;
    },
    workspace: async () => workspace,
    ofPage: async () => undefined,
  };
  let shown = 0;
  const handlers = createControlHandlers(connections, createWho(connections), {
    showOverlay: async () => {
      shown += 1;
    },
  });
  return { handlers, shown: () => shown };
}
const pointedAt = (...found: Description[]) => ({
  path: '/admin/people/:any',
  place: 'page' as const,
  found,
  nearby: { headings: ['Dana Ruiz', 'Access'], emails: ['dana@acme.example'] },
});
const control: OwnControl = {
  id: 'c',
  path: '/admin/people/:any',
  place: 'page',
  found: [{ role: 'button', name: 'Turn off *' }],
};
const codeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'done',
    (error: Refused) => error.refusal.code,
  );

describe('issue 6: controls that an admin points at', () => {
  it('keeps how to find it again, and nobody’s name or address', async () => {
    const { handlers, shown } = handlersOf();
    const { controls } = await handlers['control.add'](
      {
        connection: 'c',
        pointed: pointedAt(
          { role: 'switch', name: 'Active: Dana Ruiz (dana@acme.example)' },
          { role: 'switch', after: 'Dana Ruiz', nth: 0 },
          { role: 'switch', after: 'Access', nth: 0 },
          { css: 'button[name="dana@acme.example"]' },
        ),
      },
      page,
    );
    expect(controls[0]?.found).toEqual([
      { role: 'switch', name: 'Active: * *' },
      { role: 'switch', after: 'Access', nth: 0 },
    ]);
    expect(JSON.stringify(controls)).not.toMatch(/dana|ruiz/i);
    expect(shown()).toBe(1);
  });

  it('refuses what only a person’s name would lead back to', async () => {
    const { handlers } = handlersOf();
    const pointed = pointedAt({ role: 'link', name: 'Dana Ruiz' });
    expect(await codeOf(handlers['control.add']({ connection: 'c', pointed }, page))).toBe('incomplete');
    expect((await handlers['control.list']({ connection: 'c' }, page)).controls).toEqual([]);
  });

  it('goes into a file and comes from one into another connection', async () => {
    const { handlers } = handlersOf();
    const file = writeControls([control]);
    const { controls } = await handlers['control.import']({ connection: 'other', text: file }, page);
    expect(controls.map(({ id: _id, ...rest }) => rest)).toEqual([
      { path: control.path, place: control.place, found: control.found },
    ]);
    const [imported] = controls;
    await handlers['control.remove']({ connection: 'other', control: imported?.id ?? '' }, page);
    expect((await handlers['control.list']({ connection: 'other' }, page)).controls).toEqual([]);
  });

  it.each([
    ['no JSON', 'hello'],
    ['another kind', JSON.stringify({ kind: 'x', version: 1, controls: [control] })],
    ['another version', writeControls([control]).replace('"version": 1', '"version": 2')],
    ['none', JSON.stringify({ kind: 'offboarding-wizard-controls', version: 1, controls: [] })],
    ['too many', writeControls(Array.from({ length: 21 }, () => control))],
    ['a selector of another shape', writeControls([{ ...control, found: [{ css: '*:has(*:has(*))' }] }])],
    ['a role that no control has', writeControls([{ ...control, found: [{ role: 'main' } as never] }])],
    [
      'words that try ever so many ways',
      writeControls([{ ...control, found: [{ role: 'button', name: 'a*a*a*a*a' }] }]),
    ],
    ['a field more', writeControls([{ ...control, run: 'alert(1)' } as never])],
    ['another site', writeControls([{ ...control, path: 'https://evil.example/' }])],
  ])('R5 refuses a file with %s, and keeps what was there', async (_what, text) => {
    const { handlers } = handlersOf();
    await handlers['control.import']({ connection: 'c', text: writeControls([control]) }, page);
    expect(await codeOf(handlers['control.import']({ connection: 'c', text }, page))).toBe('malformed');
    expect((await handlers['control.list']({ connection: 'c' }, page)).controls).toHaveLength(1);
  });

  it('R5 refuses a file of any length beyond its bound, before it is read', () => {
    const text = ' '.repeat(64_001);
    expect(readControls(text)).toHaveProperty('wrong');
    expect(commands['control.import'].request.safeParse({ connection: 'c', text }).success).toBe(false);
  });

  it('takes words as words: nothing of them is an expression but *', () => {
    const anchor = anchorOf({ role: 'button', name: 'Set (in)active? *' }) as { name: string };
    expect(new RegExp(anchor.name, 'i').test('set (in)active? now')).toBe(true);
    expect(new RegExp(anchor.name, 'i').test('Set inactive now')).toBe(false);
  });

  it('come before the profile’s own anchors', () => {
    const text = { ...pageProfile, member: { ...pageProfile.member, identity: 'text' as const } };
    const merged = withOwnControls(text, [control]);
    expect(merged.deactivation[0]).toEqual({
      path: '/admin/people/:any',
      control: [{ role: 'button', name: '^Turn off .*$' }],
      memberFrom: 'text',
    });
    expect(merged.deactivation.slice(1)).toEqual(pageProfile.deactivation);
    expect(merged.member.paths).toEqual(['/admin/people/:any']);
    expect(withOwnControls(pageProfile, [])).toBe(pageProfile);
  });

  it('takes the parts of a path that differ by member for any', () => {
    expect(patternOf('/settings/users/64b0000000000000000000a1')).toBe('/settings/users/:any');
    expect(patternOf('/team/dana@acme.example/edit')).toBe('/team/:any/edit');
    expect(patternOf('/settings/users')).toBe('/settings/users');
  });
});
