import { describe, expect, it } from 'vitest';
import { openPersons } from '../../../lib/workspace/custify/persons.ts';
import { readUser, readUsers } from '../../../lib/workspace/custify/said.ts';
import { createMemory } from '../../../lib/workspace/memory.ts';

const dana = { id: '64b000000000000000000001', email: 'dana@ex.test', name: 'Dana Ruiz' };
const kim = { id: '64b000000000000000000002', email: 'kim@ex.test', name: 'Kim Lee' };
const meeting = async (...readings: (typeof dana | { id: string } | { email: string })[][]) => {
  const memory = createMemory();
  const persons = await openPersons(memory);
  for (const mentions of readings) await persons.meet(mentions);
  return { persons, memory };
};

describe('issue 6: who there is', () => {
  it('an address that changes splits nobody: the old one stays theirs, and the new one holds', async () => {
    const { persons, memory } = await meeting([dana], [{ ...dana, email: 'dana.new@ex.test' }]);
    expect(persons.all()).toEqual([{ ...dana, key: dana.id, email: 'dana.new@ex.test', was: [dana.email] }]);
    for (const email of [dana.email, 'dana.new@ex.test']) expect(persons.of({ email })?.key).toBe(dana.id);
    // Also after a restart, and when it was met by the new address alone in between.
    const again = await openPersons(memory);
    expect(again.of({ email: dana.email })?.key).toBe(dana.id);
    await again.learn([{ email: 'dana.third@ex.test' }]);
    await again.meet([{ ...dana, email: 'dana.third@ex.test' }]);
    expect(again.all()).toHaveLength(1);
    expect(again.find('dana.third@ex.test')?.key).toBe(dana.id);
  });

  it('an address that goes over to somebody else is theirs from then on', async () => {
    const { persons } = await meeting([dana], [{ id: dana.id }, { ...kim, email: dana.email }]);
    expect(persons.of({ email: dana.email })?.key).toBe(kim.id);
    expect(persons.find(dana.id)?.email).toBeUndefined();
  });

  it('an address that two ids have names neither of them, and says among whom it may be', async () => {
    const { persons, memory } = await meeting([dana, { ...kim, email: dana.email }, { email: dana.email }]);
    expect(persons.all().map(({ key }) => key)).toEqual([dana.id, kim.id]);
    for (const each of [persons, await openPersons(memory)]) {
      expect(each.of({ email: dana.email })).toBeUndefined();
      expect(each.among({ email: dana.email }).map(({ key }) => key)).toEqual([dana.id, kim.id]);
      expect(each.of({ id: dana.id, email: dana.email })?.key).toBe(dana.id);
    }
    // Whom the address alone has named before is not taken for one of them.
    const before = await meeting([{ email: dana.email }], [dana, { ...kim, email: dana.email }]);
    expect(before.persons.find(dana.email)?.id).toBeUndefined();
    // Once it is one id's alone again, it names that one.
    await persons.meet([dana, kim]);
    expect(persons.of({ email: dana.email })?.key).toBe(dana.id);
    expect(persons.of({ email: kim.email })?.key).toBe(kim.id);
  });

  it('who was known by id and by address apart is one person from when both are said together', async () => {
    const { persons } = await meeting([{ id: dana.id }, { email: dana.email }], [dana]);
    expect(persons.all()).toHaveLength(1);
    expect(persons.find(dana.email)).toBe(persons.find(dana.id));
  });
});

describe('issue 6: what a field says', () => {
  it.each([
    [undefined, 'none'],
    ['', 'none'],
    [[], 'none'],
    [[dana.id], 'other'],
    [{ user: dana.id }, 'other'],
    [true, 'other'],
    [dana.id, 'id'],
    [' Dana@Ex.Test ', 'email'],
    ['Dana Ruiz', 'name'],
    [dana, 'object'],
  ])('%j is said as %s', (value, form) => {
    const said = readUser(value);
    expect(said.form).toBe(form);
    expect(said.mention === undefined).toBe(form === 'none' || form === 'other');
  });

  it('of several takes each of a list, and what stands there instead of a list', () => {
    expect(readUsers([dana.id, { entity: kim.id }]).map(({ mention }) => mention?.id)).toEqual([
      dana.id,
      kim.id,
    ]);
    expect(readUsers({ ids: [dana.id] })).toEqual([{ form: 'other' }]);
    expect(readUsers(null)).toEqual([{ form: 'none' }]);
  });
});
