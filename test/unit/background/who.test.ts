import { describe, expect, it } from 'vitest';
import { createWho, recognise } from '../../../entrypoints/background/who.ts';
import type { Member } from '../../../lib/offboarding/model.ts';
import { matchPath } from '../../../lib/overlay/paths.ts';
import { originsOfOrg } from '../../../lib/workspace/natterbox/hosts.ts';
import { toLongId } from '../../../lib/workspace/natterbox/ids.ts';
import { pagesOf } from '../../../lib/workspace/natterbox/pages.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';

const person = (id: string, name: string, email = `${id}@acme.example`): Member => ({
  id,
  name,
  email,
  active: true,
  admin: 'unknown',
});
const members = [
  person('dana', 'Dana Ruiz'),
  person('tom', 'Tom Okafor'),
  person('lee1', 'Lee Park'),
  person('lee2', 'Lee Park'),
];
const find = async (text: string): Promise<Member[]> =>
  members.filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(text.toLowerCase()));
const nobody = { member: null, name: '', email: '' };
/** Nobody for button and banner; for the guard somebody who cannot be told from another one. */
const unsure = { ...nobody, unsure: true };

describe('issue 6: whose page it is, by what it shows', () => {
  it('knows a member by a heading that is exactly their name', async () => {
    const shown = { headings: ['Users', 'Dana Ruiz'], emails: ['dana@acme.example', 'tom@acme.example'] };
    expect(await recognise(shown, find)).toEqual({
      member: 'dana',
      name: 'Dana Ruiz',
      email: 'dana@acme.example',
    });
  });

  it('does not take a part of a name for the name', async () => {
    expect(await recognise({ headings: ['Dana'], emails: [] }, find)).toEqual(nobody);
  });

  it('tells namesakes apart by the address beside the name, and else says nobody', async () => {
    expect(await recognise({ headings: ['Lee Park'], emails: ['LEE2@acme.example'] }, find)).toMatchObject({
      member: 'lee2',
    });
    expect(await recognise({ headings: ['Lee Park'], emails: [] }, find)).toEqual(unsure);
  });

  it('a name alone is not enough where the page shows addresses and none is theirs', async () => {
    const shown = { headings: ['Dana Ruiz'], emails: ['dana.ruiz@globex.example'] };
    expect(await recognise(shown, find)).toEqual(unsure);
    expect(await recognise({ ...shown, emails: [] }, find)).toMatchObject({ member: 'dana' });
    const without = async (): Promise<Member[]> => [person('dana', 'Dana Ruiz', '')];
    expect(await recognise(shown, without)).toMatchObject({ member: 'dana' });
  });

  it('without a name knows the one address that is a member’s, and says nobody where there are two', async () => {
    const one = { headings: ['Edit user'], emails: ['customer@globex.example', 'tom@acme.example'] };
    expect(await recognise(one, find)).toEqual({ member: 'tom', name: '', email: 'tom@acme.example' });
    const two = { headings: ['Users'], emails: ['dana@acme.example', 'tom@acme.example'] };
    expect(await recognise(two, find)).toEqual(nobody);
  });

  it('finds who has an address, asks the workspace once for it, and refuses who is not one member', async () => {
    let asked = 0;
    const workspace = {
      members: async ({ text = '' }) => {
        asked += 1;
        return { items: await find(text) };
      },
    } as unknown as Workspace;
    const connection = { id: 'c' } as never;
    const who = createWho({ ofPage: async () => connection, workspace: async () => workspace });
    const origin = { kind: 'overlay', origin: 'https://app.example.com', tab: 1, window: 1 } as const;
    expect((await who.about(origin, 'email:Dana@acme.example')).member).toBe('dana');
    expect((await who.about(origin, 'email:dana@acme.example')).member).toBe('dana');
    expect(asked).toBe(1);
    expect((await who.about(origin, 'mem_7')).member).toBe('mem_7');
    await expect(who.about(origin, 'email:dan@acme.example')).rejects.toMatchObject({
      refusal: { code: 'memberGone' },
    });
  });
});

describe('issue 5: whom a page of an org means', () => {
  const origins = originsOfOrg('https://acme.lightning.force.com');
  if (!origins) throw new Error('That is an org.');
  const { lightning, visualforce } = origins;
  const workspace = { memberId: toLongId, pages: pagesOf(origins) } as unknown as Workspace;
  const who = createWho({
    ofPage: async () => ({ id: 'c' }) as never,
    workspace: async () => workspace,
  });
  const [short, long, other] = ['a0U8d000000000D', toLongId('a0U8d000000000D'), toLongId('a0U8d000000000E')];
  const from = (shown?: string) =>
    ({
      kind: 'overlay',
      origin: visualforce,
      address: `${visualforce}/apex/nbavs__panel`,
      tab: 1,
      window: 1,
      ...(shown !== undefined && {
        frame: { id: 3, top: `${lightning}/lightning/r/nbavs__User__c/${shown}/view` },
      }),
    }) as const;

  it('a short id and a long one are the same user', async () => {
    expect((await who.about(from(), short)).member).toBe(long);
    expect((await who.about(from(), long)).member).toBe(long);
    for (const [shown, said] of [
      [short, long],
      [long, short],
    ] as const)
      expect((await who.about(from(shown), said)).member).toBe(long);
  });

  it('a frame that is behind the page around it is refused', async () => {
    await expect(who.about(from(other), short)).rejects.toMatchObject({ refusal: { code: 'stale' } });
  });
});

describe('paths', () => {
  it('a last * stands for any rest, and for none', () => {
    expect(matchPath('/settings/*', '/settings/account/users/7')).toEqual({});
    expect(matchPath('/settings/*', '/settings')).toEqual({});
    expect(matchPath('/settings/*', '/customers/7')).toBeNull();
    expect(matchPath('/settings/:kind/*', '/settings/users/7/edit')).toEqual({ kind: 'users' });
  });
});
