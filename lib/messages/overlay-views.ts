import type { PageBefore } from '../offboarding/holdups.ts';

/** What the background tells the overlay: ready to be drawn, with nothing left to decide. */

export interface OverlayView {
  /** null: draw nothing. */
  button: null | { kind: 'offboard' | 'resume'; label: string; title: string };
  /** The run that waits for this member to be set inactive here, where that click was let through just now. */
  passed?: { run: string; before: PageBefore };
}

/** What a list of members may offer. */
export interface OverlayList {
  /** null: draw nothing. `{name}` in a title stands for the member's name. */
  buttons: null | Record<'row' | 'resume' | 'bulk', { label: string; title: string }>;
  /** Members with an open run in this browser, and those that the asking person is. */
  open: string[];
  own: string[];
}

/** Above the page: how the last run ended, or that somebody became inactive outside the wizard. */
export interface BannerView {
  text: string;
  link: string;
  /** The run that the link leads to; without one it opens the wizard. */
  run?: string;
  /** `ok`: what is safe to do now; a warning unless told. */
  tone?: 'ok';
}

/** What the modal before a deactivation says, ready to be shown. `{name}` stands for the member's name. */
export interface GuardModal {
  title: string;
  body: string;
  /** Counts by category. */
  rows: { label: string; value: string }[];
  /** What goes on working after the deactivation, and the like. */
  notes: string[];
  /** The first button; none where there is nothing better than to cancel. */
  first?: { label: string; does: 'wizard' | 'retry' | 'reload' };
  cancel: string;
  anyway: string;
  /** The second question; absent where going on can still be taken back. */
  confirm?: { title: string; body: string; back: string; go: string };
}

/** Whether a member owns anything: `none` only where every category could be checked, `late` after 3 seconds. */
export type GuardView =
  /** A check has to be made first that only a press may begin. */
  | { owns: 'atPress' }
  | {
      owns: 'none' | 'late';
      /** The run that waits for just this click, whatever is left to be done by hand. */
      passes?: string;
    }
  | { owns: 'some' | 'unknown'; modal: GuardModal; counts: Record<string, number | null> };

/** Why a check was not possible: `outdated` is a script that outlived its extension's update. */
export type OverlayFailure = 'timeout' | 'unreachable' | 'signedOut' | 'outdated' | 'other';

/** Loaded when the script starts, for one that outlives an update cannot ask for anything any more. */
export interface OverlaySetup {
  /** The page profile of the connection, JSON. */
  pages: unknown;
  /** Of everything that it says (BCP 47), and the side its lines begin at; the page may speak another. */
  language: string;
  direction: 'ltr' | 'rtl';
  /** The member whom the page's address names, where its path alone does not say it. */
  about?: string;
  /** CSS selectors of everything that may be a control by which somebody is set inactive, and of more. */
  controls: string[];
  /** What the modal says before the product's own way to several members is gone. */
  bulk: GuardModal;
  /** What the modal says where the check failed. */
  failures: Record<OverlayFailure, GuardModal>;
  texts: Record<
    'someone' | 'checking' | 'cancel' | 'moved' | 'unrecorded' | 'kept' | 'covered' | 'unopened' | 'own',
    string
  >;
}
