import type { OverlayList } from '../messages/overlay-views.ts';

export interface SeveralParts {
  /** What the background says of lists, as far as it has answered. */
  known(): OverlayList | undefined;
  /** Resolves once that question is answered, or could not be. */
  answered(): Promise<unknown>;
  /** Resolves after so many milliseconds. */
  after(milliseconds: number): Promise<unknown>;
  /** Asks the person which way they want to go. */
  discuss(): Promise<'first' | 'cancel' | 'go'>;
  /** Opens the wizard's own way to several members. */
  open(): void;
}

/** Nobody is kept waiting for longer than that, milliseconds: then they are asked. */
const patience = 3_000;

/**
 * Decides about the product's own way to several members: a person who may offboard is asked first which one they want.
 * As long as it is not known whether they may, and where that cannot be found out, they are asked too: nothing passes
 * silently.
 */
export function createSeveral({ known, answered, after, discuss, open }: SeveralParts) {
  let deciding = false;
  return {
    /** Whether a use of the control is to be kept from the page. */
    holds(): boolean {
      const list = known();
      return !list || list.buttons !== null;
    },
    /** Whether what was kept shall happen after all; a second use while the first is decided changes nothing. */
    async decide(): Promise<boolean> {
      if (deciding) return false;
      deciding = true;
      try {
        if (!known()) await Promise.race([answered(), after(patience)]);
        if (known()?.buttons === null) return true;
        const made = await discuss();
        if (made === 'first') open();
        return made === 'go';
      } finally {
        deciding = false;
      }
    },
  };
}
