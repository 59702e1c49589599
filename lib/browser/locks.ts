/**
 * Runs `work` while holding a lock that all contexts of this browser profile share; resolves false at once when
 * somebody else holds it. The browser frees it when its holder dies.
 * https://developer.mozilla.org/docs/Web/API/Web_Locks_API
 */
export function withLock(name: string, work: () => Promise<void>): Promise<boolean> {
  return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (!lock) return false;
    await work();
    return true;
  });
}
