import { browser } from 'wxt/browser';

const name = 'wake';
/** Browsers round alarms up to half a minute (Chromium) or a minute; shorter waits use a timer beside it. */
const shortest = 30_000;
/** A timer for longer would fire at once: its milliseconds are kept in 31 bits. */
const longest = 2 ** 31 - 1;

/**
 * Wakes the background for the engine: by an alarm, which survives the end of the background, and by a timer while
 * it lives, which is exact. Returns `wakeAt`. `woken` is called when the time has come; register early, for an alarm
 * may be what started this background.
 */
export function createWake(woken: () => void): (time: Date | null) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  browser.alarms.onAlarm.addListener((alarm) => {
    if (alarm.name === name) woken();
  });
  return (time) => {
    clearTimeout(timer);
    if (!time) {
      void browser.alarms.clear(name);
      return;
    }
    const wait = Math.max(0, time.getTime() - Date.now());
    timer = setTimeout(woken, Math.min(wait, longest));
    // Creating it anew replaces it; a run under way asks again every half minute, so it never stays in the future.
    void browser.alarms.create(name, { when: Date.now() + Math.max(wait, shortest), periodInMinutes: 1 });
  };
}
