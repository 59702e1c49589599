/** Nobody waits longer than this for a frame, milliseconds: a page out of sight paints none. */
const patience = 300;

/** Calls back once what is to be shown by now has been painted: the frame that paints it is over when the next begins. */
export function painted(callback: () => void): void {
  let over = false;
  const now = (): void => {
    if (over) return;
    over = true;
    callback();
  };
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(now)));
  setTimeout(now, patience);
}
