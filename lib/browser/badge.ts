import { browser } from 'wxt/browser';
import type { Run } from '../offboarding/model.ts';
import { totals } from '../offboarding/steps.ts';

/** Real progress is shown at most so often, and at least every 10 s while there is any, which is what keeps a background alive. */
const showEvery = 1_000;

/**
 * Shows how far a run is on the toolbar icon. Being a call of the extension's own API on real progress, it also keeps
 * the background from being stopped in the middle of work, in both browsers.
 */
export function createBadge(): (run: Run) => void {
  let shownAt = 0;
  return (run) => {
    const now = Date.now();
    if (now - shownAt < showEvery && run.phase === 'executing') return;
    shownAt = now;
    const sum = totals(run.steps);
    const items = sum.moved + sum.failed + sum.skipped;
    const scanning = run.phase === 'draft' && run.scan.state === 'running';
    const working = run.phase === 'executing' || scanning;
    const percent = sum.total === 0 ? 0 : Math.floor((100 * items) / sum.total);
    const text = !working ? '' : scanning ? '…' : `${percent}%`;
    void browser.action.setBadgeText({ text }).catch(() => {});
  };
}
