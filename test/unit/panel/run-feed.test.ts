import { describe, expect, it } from 'vitest';
import { applyPatch, RunFeed } from '../../../lib/panel/run-feed.ts';
import { draft, started } from '../../e2e/wizard/data.ts';
import { createWorld } from './world.ts';

const at = new Date('2026-11-22T09:58:00.000Z');
const executing = started(draft(at), 0.3, at);

describe('a run, live or polled', () => {
  it('W6.3 shows what is stored before the background has said a word', async () => {
    const world = createWorld();
    world.stored.set(executing.id, executing);
    const feed = new RunFeed(world.dependencies, executing.id);
    await world.settle();
    expect(feed.run.value?.rev).toBe(1);
    expect(feed.state.value).toBe('connecting');
  });

  it('W6.3 follows patches and is live', async () => {
    const world = createWorld();
    const feed = new RunFeed(world.dependencies, executing.id);
    world.say({ kind: 'snapshot', run: executing });
    world.say({ kind: 'patch', run: executing.id, from: 1, rev: 2, fields: { note: 'HR-7' }, cleared: [] });
    expect(feed.state.value).toBe('live');
    expect(feed.run.value).toMatchObject({ rev: 2, note: 'HR-7' });
  });

  it('Q draws no revision twice', () => {
    const world = createWorld();
    const feed = new RunFeed(world.dependencies, executing.id, executing);
    world.say({ kind: 'snapshot', run: { ...executing } });
    expect(feed.run.value).toBe(executing);
    expect(feed.state.value).toBe('live');
    world.say({ kind: 'snapshot', run: { ...executing, rev: 2 } });
    expect(feed.run.value?.rev).toBe(2);
  });

  it('W6.3 falls back to the store within 3 s when the port is gone, and is live again by itself', async () => {
    const world = createWorld();
    const feed = new RunFeed(world.dependencies, executing.id);
    world.say({ kind: 'snapshot', run: executing });
    for (const listener of world.listeners) listener.down();
    world.stored.set(executing.id, { ...executing, rev: 5 });
    await world.advance(1_000);
    expect(feed.state.value).toBe('polling');
    expect(feed.run.value?.rev).toBe(5);
    world.stored.set(executing.id, { ...executing, rev: 8 });
    await world.advance(2_000);
    expect(feed.run.value?.rev).toBe(8);
    world.say({ kind: 'snapshot', run: { ...executing, rev: 9 } });
    expect(feed.state.value).toBe('live');
    await world.advance(10_000);
    expect(feed.run.value?.rev).toBe(9);
  });

  it('says nothing about a port that comes back at once', async () => {
    const world = createWorld();
    const feed = new RunFeed(world.dependencies, executing.id);
    world.say({ kind: 'snapshot', run: executing });
    for (const listener of world.listeners) listener.down();
    await world.advance(300);
    world.say({ kind: 'snapshot', run: executing });
    await world.advance(700);
    expect(feed.state.value).toBe('live');
  });

  it('W6.3 finds out that a standing port has fallen silent', async () => {
    const world = createWorld();
    const feed = new RunFeed(world.dependencies, executing.id);
    world.say({ kind: 'snapshot', run: executing });
    world.stored.set(executing.id, { ...executing, rev: 4 });
    await world.advance(4_100);
    expect(feed.run.value?.rev).toBe(4);
    expect(feed.state.value).toBe('polling');
  });

  it('asks for a snapshot when patches are missing, and never goes back to older news', async () => {
    expect(applyPatch(executing, { kind: 'patch', run: 'x', from: 3, rev: 4, fields: {}, cleared: [] })).toBe(
      'gap',
    );
    expect(
      applyPatch(
        { ...executing, rev: 4 },
        { kind: 'patch', run: 'x', from: 1, rev: 3, fields: { note: 'old' }, cleared: [] },
      ).valueOf(),
    ).not.toHaveProperty('note');
    const paused = { ...executing, pause: { kind: 'admin' as const } };
    expect(
      applyPatch(paused, { kind: 'patch', run: 'x', from: 1, rev: 2, fields: {}, cleared: ['pause'] }),
    ).not.toHaveProperty('pause');
  });

  it('issue 3: a store that cannot be read is no run that is gone; trying again shows it', async () => {
    const world = createWorld();
    world.stored.set(executing.id, executing);
    const { run } = world.dependencies.store;
    world.dependencies.store.run = () => Promise.reject(new Error('The disk is full.'));
    const feed = new RunFeed(world.dependencies, executing.id);
    await world.settle();
    expect([feed.missing.value, feed.unreadable.value]).toEqual([false, 'The disk is full.']);
    world.dependencies.store.run = run;
    await feed.retry();
    expect([feed.unreadable.value, feed.run.value?.rev]).toEqual([undefined, 1]);
    const none = new RunFeed(world.dependencies, 'nobody’s');
    await world.settle();
    expect([none.missing.value, none.unreadable.value]).toEqual([true, undefined]);
    for (const each of [feed, none]) each[Symbol.dispose]();
  });

  it('stops asking when nobody looks any more', async () => {
    const world = createWorld();
    const feed = new RunFeed(world.dependencies, executing.id);
    feed[Symbol.dispose]();
    world.stored.set(executing.id, { ...executing, rev: 7 });
    await world.advance(10_000);
    expect(feed.run.value?.rev).not.toBe(7);
    expect(world.listeners.size).toBe(0);
  });
});
