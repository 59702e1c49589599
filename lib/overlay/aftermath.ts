import type { Send } from '../messages/client.ts';
import type { PageBefore } from '../offboarding/holdups.ts';
import type { PageProfile } from '../workspace/page-profile.ts';
import { accessibleName, candidates, openRoots } from './anchors.ts';
import { type Control, memberOf, stateOf, type Whose } from './controls.ts';
import { matchPath } from './paths.ts';

/** What the page shows this long after it changed is what stays, milliseconds. */
const settled = 1_500;
/** What is shown later than this is no effect of the click, milliseconds. */
const lasts = 60_000;

export interface AftermathParts {
  send: Send;
  signal: AbortSignal;
  alive(): boolean;
  /** The profile as it is on the page at that moment, and whom the page is about. */
  profile(): PageProfile;
  about(): Whose | undefined;
  /** The run has ended by it. */
  ended(): void;
}

/** A click that a run has waited for, and what the page showed before it. */
interface Awaited {
  member: string;
  run: string;
  before: PageBefore;
  /** The control that was used; undefined after the page was loaded anew. */
  element: HTMLElement | undefined;
  dialogs: number;
  at: number;
}

/**
 * Tells what came of the click that a run has waited for. Only a change counts: the used control is off by now, or
 * something says "inactive" that did not say so before. Never while the page asks something of its own, and never later
 * than a minute.
 */
export function createAftermath(parts: AftermathParts) {
  const { send, signal, alive, profile, about } = parts;
  let awaited: Awaited | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener('abort', () => clearTimeout(timer));

  /** The texts by which the page says that this member is inactive, by their places in the profile. */
  const textsOf = (member: string): number[] => {
    if (member !== about()?.member) return [];
    const roots = openRoots(document);
    return (profile().member.inactive ?? []).flatMap((each, index) =>
      candidates(roots, each).length > 0 ? [index] : [],
    );
  };

  const shows = (): boolean => {
    if (!awaited || !alive() || performance.now() - awaited.at > lasts) return false;
    const { member, before, element, dialogs } = awaited;
    // The page asks whether that is meant: what it shows meanwhile may be taken back.
    if (openDialogs() > dialogs) return false;
    const states = before.control === undefined ? [] : statesOf(member, before.control, element);
    if (states.length > 0) return states.every((on) => !on);
    return textsOf(member).some((index) => !before.texts.includes(index));
  };

  /** Whether the used control is on: itself, or those of the same name that took its place. */
  const statesOf = (member: string, name: string, used: HTMLElement | undefined): boolean[] => {
    const roots = openRoots(document);
    const all = profile().deactivation.flatMap((entry) => {
      const named = matchPath(entry.path, location.pathname);
      if (!named) return [];
      return entry.control
        .flatMap((anchor) => [...(used?.isConnected ? [used] : []), ...candidates(roots, anchor)])
        .filter((each) => memberOf(each, entry, profile(), location, named.member, about()) === member);
    });
    const own = all.filter((each) => (used?.isConnected ? each === used : nameOf(each) === name));
    return own.map(stateOf).filter((on) => on !== undefined);
  };

  const look = (): void => {
    if (timer !== undefined || !shows()) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (awaited && shows()) void report(awaited);
    }, settled);
  };

  const report = async (done: Awaited): Promise<void> => {
    const { member, run } = done;
    const reply = await send('overlay.reported', { member, run });
    if (signal.aborted || awaited !== done) return;
    if (!reply.ok) look();
    else if (reply.value.ended) {
      awaited = undefined;
      parts.ended();
    }
  };

  return {
    look,
    /**
     * The click is about to reach the page. What the page shows until then; undefined where the page as a whole does
     * not speak of this member, so that a later one says nothing either.
     */
    begin({ element, member }: Control, run: string): PageBefore | undefined {
      const control = stateOf(element) === undefined ? undefined : nameOf(element);
      const before = { ...(control !== undefined && { control }), texts: textsOf(member) };
      const at = performance.now();
      awaited = { member, run, before, element, dialogs: openDialogs(), at };
      return member === about()?.member ? before : undefined;
    },
    /** The click reached the page before it was loaded anew. */
    resume(member: string, run: string, before: PageBefore): void {
      if (awaited?.run === run) return;
      awaited = { member, run, before, element: undefined, dialogs: 0, at: performance.now() };
      look();
    },
  };
}

const nameOf = (element: HTMLElement): string => accessibleName(element).slice(0, 200);

/** How many of its own dialogs the page shows. */
const openDialogs = (): number =>
  candidates(openRoots(document), {
    css: 'dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true]',
  }).length;
