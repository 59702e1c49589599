import type { Send } from '../messages/client.ts';
import type { OverlayFailure } from '../messages/overlay-views.ts';
import type { Anchor, PageProfile } from '../workspace/page-profile.ts';
import { candidates, openRoots } from './anchors.ts';
import { createRetry, failureOf } from './retry.ts';

/** What a page shows that may say whose page it is. */
interface Shown {
  headings: string[];
  emails: string[];
}

/** Whose page it is, and by which texts of the page that is known. */
export interface Recognised {
  member: string;
  name: string;
  email: string;
}

/** After a refusal a page that goes on changing asks the same again at most so often, milliseconds. */
const refusalHolds = 20_000;
/** More names or addresses than this are a list's, and the page is nobody's. */
const most = 20;
const address = /[^\s@<>()[\]",;:]{1,64}@[^\s@<>()[\]",;:]{1,190}\.[a-z]{2,24}/giu;
/** Addresses that stand there stand for who is signed in, not for whose page it is. */
const aside = 'nav,[role=navigation],[role=banner],body > header,aside,[role=complementary],footer';

/** The different email addresses that an element shows, in text or fields, in lower case. */
export function emailsIn(place: Element | null): string[] {
  const found = new Set<string>();
  for (const root of place ? openRoots(place) : [])
    for (const text of [textIn(root), ...[...root.querySelectorAll<HTMLInputElement>(fields)].map(contentOf)])
      for (const [each] of text.matchAll(address)) found.add(each.toLowerCase());
  return [...found];
}

const fields = 'input:is([type=text],[type=email],:not([type]))';
const contentOf = ({ value }: HTMLInputElement): string => value;

/** The text within, with a space between what stands in different elements. */
function textIn(root: Node): string {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: string[] = [];
  while (walker.nextNode())
    if (!walker.currentNode.parentElement?.matches('script,style'))
      texts.push(walker.currentNode.nodeValue ?? '');
  return texts.join(' ');
}

function shownOn(page: Document): Shown {
  const headings = candidates(openRoots(page), { role: 'heading' })
    .filter((each) => !each.closest(aside))
    .map((each) => (each.textContent ?? '').replace(/\s+/gu, ' ').trim())
    .filter((text) => text.length >= 2 && text.length <= 200);
  const main = page.querySelector('main,[role=main]');
  const places = main ? [main] : [...page.body.children].filter((each) => !each.matches(aside));
  const emails = [...new Set(places.flatMap(emailsIn))].filter((text) => text.length <= 200);
  return { headings: [...new Set(headings)], emails };
}

/**
 * Recognises whose page it is by what it shows: its headings and addresses go to the background, which answers whom
 * they name. `changed` is called when that is known anew, until `signal`.
 */
export function createIdentity(send: Send, changed: () => void, signal?: AbortSignal) {
  let asked = '';
  let found: Recognised | undefined;
  /** What was asked has not been answered (yet), or not for certain. */
  let open = false;
  let answered: Promise<OverlayFailure | undefined> = Promise.resolve(undefined);
  let asking = false;
  /** The same question shall be asked again at the next look, or from this time on. */
  let anew = false;
  let anewAt = Number.POSITIVE_INFINITY;
  const retry = createRetry(() => {
    anew = true;
    changed();
  }, signal);

  const ask = async (question: string, shown: Shown): Promise<OverlayFailure | undefined> => {
    asking = true;
    const reply = await send('overlay.who', shown);
    if (question !== asked) return undefined;
    asking = false;
    retry.after(reply);
    if (!reply.ok) {
      anewAt = performance.now() + refusalHolds;
      return failureOf(reply.refusal);
    }
    const { member, name, email, unsure = false } = reply.value;
    found = member === null ? undefined : { member, name, email };
    // It may be somebody's of whom the page says too little.
    open = unsure;
    changed();
    return undefined;
  };
  return {
    /** Who it is, as far as is known by now; undefined: nobody's page, or not known yet. */
    look(): Recognised | undefined {
      const shown = shownOn(document);
      const isList = shown.headings.length > most || shown.emails.length > most;
      const question = JSON.stringify([location.pathname, isList ? [] : shown]);
      if (question === asked && !anew && performance.now() < anewAt) return found;
      if (question !== asked) retry.reset();
      asked = question;
      anew = false;
      anewAt = Number.POSITIVE_INFINITY;
      // What it was recognised by is gone: it may be somebody else's page by now.
      const still = [found?.name, found?.email.toLowerCase()].some(
        (text) => text && [...shown.headings, ...shown.emails].includes(text),
      );
      if (!still) found = undefined;
      open = !isList && (shown.headings.length > 0 || shown.emails.length > 0);
      if (open) answered = ask(question, shown);
      return found;
    },
    /** Whether it is not known whose page it is because that was not answered (yet), or not for certain. */
    isOpen: (): boolean => open && found === undefined,
    /** The next look asks again what could not be told; not while that is being asked. */
    again(): void {
      anew = open && !asking;
    },
    /** Resolves once what was asked last was answered; with the reason, where that was refused. */
    answered: (): Promise<OverlayFailure | undefined> => answered,
  };
}

/** Anchors in which the texts of a recognised page stand for `{name}` and `{email}`; those that lack theirs fall out. */
export function fillAnchors(anchors: readonly Anchor[], known: Recognised | undefined): Anchor[] {
  return anchors.flatMap((anchor) => {
    let lacks = false;
    const filled = Object.fromEntries(
      Object.entries(anchor).map(([key, value]) => [
        key,
        typeof value === 'string'
          ? value.replaceAll(/\{(name|email)\}/gu, (_all, which: 'name' | 'email') => {
              const text = known?.[which] ?? '';
              if (text === '') lacks = true;
              return text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, '\\$&');
            })
          : value,
      ]),
    ) as Anchor;
    return lacks ? [] : [filled];
  });
}

/** A profile as it is on this page: the texts that say whose page it is filled in. */
export function profileFor(pages: PageProfile, known: Recognised | undefined): PageProfile {
  const { actions, native, banner, inactive = [] } = pages.member;
  const fill = (anchors: readonly Anchor[]): Anchor[] => fillAnchors(anchors, known);
  return {
    ...pages,
    member: {
      ...pages.member,
      actions: fill(actions),
      native: fill(native),
      banner: fill(banner),
      inactive: fill(inactive),
    },
    deactivation: pages.deactivation.map((entry) => ({ ...entry, control: fill(entry.control) })),
  };
}
