import { readFileSync } from 'node:fs';
import type { Browser } from 'puppeteer-core';

/**
 * Id of the process that runs the extension: its background and its pages share one. Reads the command lines of Linux;
 * rejects where there is no such process, or more than one.
 */
export async function extensionProcess({ browser }: { browser: Browser }): Promise<number> {
  const session = await browser.target().createCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const found = processInfo.filter(
    ({ id, type }) =>
      type === 'renderer' && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('--extension-process'),
  );
  const [only] = found;
  if (!only || found.length > 1)
    throw new Error(`Expected one process of extensions, found ${found.length}.`);
  return only.id;
}

/** Bytes that a process has to itself, in memory or swapped out (proc(5), smaps_rollup). */
export function privateMemory(id: number): number {
  const lines = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
  const kilobytes = [...lines.matchAll(/^(?:Private_(?:Clean|Dirty)|Swap):\s+(\d+) kB$/gm)];
  if (kilobytes.length < 3) throw new Error('Expected the private memory of a process, found none.');
  return kilobytes.reduce((sum, [, amount]) => sum + Number(amount) * 1_024, 0);
}
