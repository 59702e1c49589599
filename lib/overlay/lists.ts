import type { Send } from '../messages/client.ts';
import type { OverlayList, OverlaySetup } from '../messages/overlay-views.ts';
import type { Anchor, BulkPage, PageProfile, RowsPage } from '../workspace/page-profile.ts';
import { memberOfLinks } from './addresses.ts';
import { candidates, findAnchor, matches, openRoots } from './anchors.ts';
import type { createGuard } from './guard.ts';
import type { Shown } from './host.ts';
import { matchPath } from './paths.ts';
import { placeButton } from './placing.ts';
import { createRetry, isPassing } from './retry.ts';
import { identityOf } from './said.ts';
import { createSeveral } from './several.ts';

type Button = { label: string; title: string };

export interface ListsParts {
  setup: OverlaySetup;
  send: Send;
  signal: AbortSignal;
  alive(): boolean;
  createButton(open: () => void, covered: () => void): Shown<Button>;
  /** Says that something lies above what was pressed. */
  covered(button: Shown<Button>): void;
  /** Opens the wizard for a member; `near`: where to say that it could not be opened. */
  open(member: string, near: Element): void;
  /** Does what opens something, where the extension lives, and says near here that it could not be opened. */
  opening(near: Element, ask: () => Promise<{ ok: boolean }>): void;
  guard: Pick<ReturnType<typeof createGuard>, 'discuss'>;
}

/** All links in an element, in its open shadow roots too. */
const linksIn = (element: Element): HTMLAnchorElement[] =>
  openRoots(element).flatMap((root) => [...root.querySelectorAll<HTMLAnchorElement>('a[href]')]);

/** The member to whom the links of a row lead, on whichever of the workspace's sites. */
export const memberIn = (row: Element, pages: PageProfile): string | undefined =>
  memberOfLinks(linksIn(row), pages, location.origin);

/** A button in each row of a list of members and one for several of them, wherever the product has none itself. */
export function createLists(parts: ListsParts) {
  const { setup, send, signal, alive, createButton, open } = parts;
  const pages = setup.pages as PageProfile;
  const rows = new Map<HTMLElement, { member: string; button: Shown<Button> }>();
  let list: OverlayList | undefined;
  let asked: Promise<void> | undefined;
  /** Opens the wizard for several; `near`: where to say that it could not be opened. */
  const openBulk = (near: Element): void =>
    parts.opening(near, () => send('offboard.bulk', { page: identityOf(document, pages) }));
  const bulk: Shown<Button> = createButton(
    () => openBulk(bulk.element),
    () => parts.covered(bulk),
  );

  const here = <P extends { path: string }>(all: readonly P[] = []): P[] =>
    all.filter(({ path }) => matchPath(path, location.pathname));

  /** Ours in this row, made anew where the row is another member's by now. */
  const buttonIn = (row: HTMLElement, member: string): Shown<Button> => {
    const known = rows.get(row);
    if (known?.member === member) return known.button;
    known?.button.remove();
    const button: Shown<Button> = createButton(
      () => open(member, button.element),
      () => parts.covered(button),
    );
    rows.set(row, { member, button });
    return button;
  };

  const drop = (row: HTMLElement): void => {
    rows.get(row)?.button.remove();
    rows.delete(row);
  };

  const placeRow = (row: HTMLElement, page: RowsPage, { buttons, own, open }: OverlayList): void => {
    const within = openRoots(row);
    const member = (page.memberAttribute && row.getAttribute(page.memberAttribute)) || memberIn(row, pages);
    const has = (anchors: readonly Anchor[]): boolean =>
      anchors.some((each) => candidates(within, each).length > 0);
    const place = member && !own.includes(member) && !has(page.native) && findAnchor(within, page.actions);
    if (!place || !buttons) {
      drop(row);
      return;
    }
    const button = buttonIn(row, member);
    const words = open.includes(member) ? buttons.resume : buttons.row;
    const name =
      linksIn(row).find((link) => memberOfLinks([link], pages, location.origin))?.textContent ?? '';
    button.show({ ...words, title: words.title.replaceAll('{name}', name.trim() || setup.texts.someone) });
    if (button.element.parentNode !== place) placeButton(button, place);
  };

  const ask = (): void => {
    if (!alive() || (here(pages.rows).length === 0 && here(pages.bulk).length === 0)) return;
    asked = question();
  };
  const question = async (): Promise<void> => {
    const reply = await send('overlay.list', {});
    if (signal.aborted) return;
    retry.after(reply);
    // What was known before holds while nobody can be asked.
    if (!isPassing(reply)) list = reply.ok ? reply.value : undefined;
    sync();
  };
  const retry = createRetry(() => void ask(), signal);

  const sync = (): void => {
    const [page] = here(pages.rows);
    if (!asked) ask();
    const found = new Set(list?.buttons && page ? document.querySelectorAll<HTMLElement>(page.row) : []);
    for (const row of rows.keys()) if (!found.has(row)) drop(row);
    if (page && list) for (const row of found) placeRow(row, page, list);
    const [several] = here(pages.bulk);
    const place =
      list?.buttons && several && !nativeOf(several) ? findAnchor([document], several.actions) : null;
    if (place && list?.buttons) {
      bulk.show(list.buttons.bulk);
      placeButton(bulk, place);
    } else bulk.remove();
  };

  const nativeOf = ({ native }: BulkPage): boolean =>
    native.some((each) => candidates([document], each).length > 0);

  // The product's own way to several members.
  const nativeWay = createSeveral({
    known: () => list,
    answered: async () => asked,
    after: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    discuss: () => parts.guard.discuss(setup.bulk, signal, async () => true),
    open: () => openBulk(nativeElement ?? document.body),
  });
  /** The product's own control whose use is being decided. */
  let nativeElement: Element | undefined;
  let releasing = false;
  /** Whether a person's click there is one on that control: the page hears of it once they have decided. */
  const catches = (path: readonly EventTarget[]): boolean => {
    if (releasing || !alive() || !nativeWay.holds()) return false;
    const element = path.find((each): each is HTMLElement =>
      each instanceof HTMLElement
        ? here(pages.bulk).some(({ native }) => native.some((anchor) => matches(each, anchor)))
        : false,
    );
    if (!element) return false;
    nativeElement = element;
    void nativeWay.decide().then((go) => {
      if (!go || !element.isConnected || signal.aborted) return;
      releasing = true;
      element.click();
      releasing = false;
    });
    return true;
  };
  addEventListener(
    'click',
    (event) => {
      if (!event.isTrusted || !catches(event.composedPath())) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { signal, capture: true },
  );
  signal.addEventListener('abort', () => {
    for (const row of [...rows.keys()]) drop(row);
    bulk.remove();
  });
  return { sync, again: ask, catches };
}
