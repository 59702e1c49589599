import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The demo workspace in a process of its own, so that it and its clients do not share an event loop. */
export interface BenchSandbox {
  /** Origin, without a trailing slash. */
  url: string;
  /** Sets the limit; buckets start full and counts at zero. */
  limit(limit: { rate?: number; burst?: number; latency?: number }): Promise<void>;
  stats(): Promise<{ passed: number; throttled: number }>;
  sql(sql: string, ...parameters: (string | number | null)[]): Promise<Record<string, unknown>[]>;
  /** A session: the value of the Cookie header, and the CSRF token. */
  session(member: string): Promise<{ cookie: string; csrf: string }>;
  close(): Promise<void>;
}

const main = fileURLToPath(new URL('../sandbox/main.ts', import.meta.url));

/** Starts it with the control calls bound and without a limit. Rejects when it ends before it answers. */
export async function startBenchSandbox(
  size: 'demo' | 'large',
  flags: string[] = ['--no-web'],
): Promise<BenchSandbox> {
  const child = spawn(process.execPath, [main, '--control', '--size', size, '--rate', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await ready(child);
  const post = async (call: string, body: unknown): Promise<Response> => {
    const response = await fetch(`${url}/__sandbox/${call}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The demo workspace refused ${call}: ${await response.text()}`);
    return response;
  };
  return {
    url,
    async limit(limit) {
      await post('limit', limit);
    },
    stats: async () => (await fetch(`${url}/__sandbox/stats`)).json() as Promise<never>,
    sql: async (sql, ...parameters) =>
      ((await (await post('sql', { sql, parameters })).json()) as { rows: never[] }).rows,
    session: async (member) => (await post('session', { member })).json() as Promise<never>,
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The demo workspace ended (${code}).`)));
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      const { ready: answers, workspace } = JSON.parse(line) as { ready?: boolean; workspace?: string };
      if (answers && workspace) resolve(workspace);
    });
  });
}
