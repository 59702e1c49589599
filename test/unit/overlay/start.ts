import { afterEach, beforeEach, vi } from 'vitest';
import type { Send } from '../../../lib/messages/client.ts';
import type { GuardModal, OverlaySetup } from '../../../lib/messages/overlay-views.ts';
import { createAftermath } from '../../../lib/overlay/aftermath.ts';
import { createGuard, type GuardState } from '../../../lib/overlay/guard.ts';
import { forgetHolding, offerHolding } from '../../../lib/overlay/holding.ts';
import type { Shown } from '../../../lib/overlay/host.ts';
import { createIdentity, emailsIn, profileFor } from '../../../lib/overlay/identity.ts';
import { startOverlay } from '../../../lib/overlay/overlay.ts';
import { isAboutUsers } from '../../../lib/overlay/paths.ts';
import { offerRecognition } from '../../../lib/overlay/recognition.ts';
import { forgetUsers, offerUsers } from '../../../lib/overlay/users.ts';
import { startUsersPages } from '../../../lib/overlay/users-pages.ts';
import type { PageProfile } from '../../../lib/workspace/page-profile.ts';
import { byId, goTo, showEverything } from './page.ts';
import { texts } from './texts.ts';

/** The overlay in a document without a layout, with answers as a test gives them. */

export const modal = (title: string): GuardModal => ({
  title,
  body: '',
  rows: [],
  notes: [],
  cancel: 'Cancel',
  anyway: 'Anyway',
  first: { label: 'Open', does: 'wizard' },
  confirm: { title: 'Sure?', body: '', back: 'Back', go: 'Go' },
});
const retry = (title: string): GuardModal => ({ ...modal(title), first: { label: 'Retry', does: 'retry' } });
/** Its second way can still be taken back: there is no second question. */
const { confirm: _second, ...bulk } = modal('Bulk');
const setupOf = (pages: PageProfile): OverlaySetup => ({
  pages,
  language: 'en',
  direction: 'ltr',
  controls: ['.act', '#set'],
  bulk: { ...bulk, title: 'Bulk' },
  failures: {
    timeout: modal('No answer'),
    unreachable: modal('Unreachable'),
    signedOut: retry('Signed out'),
    other: modal('Not checked: {name}'),
    outdated: modal('Outdated'),
  },
  texts,
});

export const refused = (code: string) => ({ ok: false, refusal: { code, detail: '' } });
export const fine = (value: unknown) => ({ ok: true, value });
export const button = { button: { kind: 'offboard', label: 'Offboard User', title: '' } };

let end = new AbortController();

/** Begins and ends each test of a file with a page of its own, in a time of its own. */
export function useOverlay(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    showEverything();
    forgetHolding();
    forgetUsers();
    offerRecognition({ createIdentity, emailsIn, profileFor });
    end = new AbortController();
  });
  afterEach(() => {
    end.abort();
    vi.useRealTimers();
  });
}

/** Starts the overlay in the document as it is. `replies`: what each command is answered, by turns; the last one stays. */
export function start(
  pages: PageProfile,
  replies: Record<string, unknown[]>,
  { arms = true, brings = true, until }: { arms?: boolean; brings?: boolean; until?: Promise<unknown> } = {},
) {
  const asked: [string, unknown][] = [];
  const states: (GuardState | null)[] = [];
  const pressed: Record<string, () => void> = {};
  const ended = vi.fn(() => end.abort());
  const facts = { alive: true };
  const all: Record<string, unknown[]> = {
    'overlay.member': [fine({ button: null })],
    'overlay.banner': [fine({ banner: null })],
    ...replies,
  };
  const send = (async (command: string, request: unknown) => {
    asked.push([command, request]);
    if (command === 'overlay.users') {
      await until;
      if (!brings) return refused('internal');
      offer();
      return fine({ added: true });
    }
    if (command === 'overlay.arm') {
      if (!arms) return refused('internal');
      offerHolding({
        createGuard,
        createAftermath,
        createView: () => ({ show: (state) => void states.push(state), isGone: () => false }),
      });
      return fine({ armed: true });
    }
    const turns = all[command] ?? [refused('internal')];
    const reply = turns.length > 1 ? turns.shift() : turns[0];
    return typeof reply === 'function' ? reply() : reply;
  }) as unknown as Send;
  const shown = <V>(name: string, open: () => void): Shown<V> => {
    const element = document.createElement('div');
    element.id = name;
    pressed[name] = open;
    return {
      element,
      show: () => {},
      redraw: () => {},
      place: (_model, put) => put(),
      remove: () => element.remove(),
      isSeen: async () => true,
    };
  };
  const look = {
    createButton: (open: () => void) => shown<never>('ours', open),
    createBanner: (open: () => void) => shown<never>('banner', open),
  };
  const offer = (): void =>
    offerUsers({ startUsersPages: (parts) => startUsersPages({ ...parts, ...look }) });
  // Where the page is loaded at such an address, the background has put it there before its answer.
  if (isAboutUsers(pages, location.pathname)) offer();
  const overlay = startOverlay(setupOf(pages), {
    send,
    signal: end.signal,
    alive: () => facts.alive,
    ended,
  });
  const rest = (milliseconds = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
  const times = (command: string): number => asked.filter(([each]) => each === command).length;
  const title = (): string | undefined => {
    const state = states.at(-1);
    return state?.kind === 'modal' ? state.modal.title : undefined;
  };
  return { overlay, asked, states, pressed, ended, facts, rest, times, title };
}

/** The page of one member, and what it heard of its control. */
export function memberPage(member = 'ola'): ReturnType<typeof vi.fn> {
  goTo(`/u/${member}`);
  document.body.innerHTML = '<main><button id="set">Set inactive</button></main>';
  const heard = vi.fn();
  byId('set').addEventListener('click', heard);
  return heard;
}
