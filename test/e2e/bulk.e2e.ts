import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ElementHandle, Page } from 'puppeteer-core';
import { recordId } from '../sandbox/natterbox/ids.ts';
import { refusalOf, whenAtWork } from '../sandbox/natterbox/mishaps.ts';
import { natterboxUserId } from '../sandbox/natterbox/seed.ts';
import { type NatterboxSandbox, startNatterboxSandbox } from '../sandbox/natterbox/server.ts';
import { type HttpsFront, startHttpsFront } from '../tools/https-front.ts';
import { type Chromium, launchChromium } from './chromium.ts';

/** Bulk (N5) in a real Chromium, on the org's real host names: sixty users, of whom five fail for five reasons. */

const origin = 'https://acme.my.salesforce.com';
/** Linked to an active Salesforce user, active themselves. */
const users = Array.from({ length: 78 }, (_none, index) => 42 + index)
  .filter((user) => [17, 29, 41].every((held) => user % held !== 0))
  .slice(0, 60);
const failing = { lock: 42, deleted: 43, validation: 44, forbidden: 45, licence: 46 };

let org: NatterboxSandbox;
let front: HttpsFront;
let chromium: Chromium;
const downloads = mkdtempSync(join(tmpdir(), 'batch-'));

before(async () => {
  org = await startNatterboxSandbox();
  const hosts = ['*.my.salesforce.com', '*.lightning.force.com', '*.vf.force.com'];
  front = await startHttpsFront(Object.fromEntries(hosts.map((host) => [host, org.url])));
  chromium = await launchChromium({ args: front.chromium });
});
after(async () => {
  await chromium?.close();
  await front?.close();
  await org?.close();
  rmSync(downloads, { recursive: true, force: true });
});

async function sees(page: Page, words: RegExp, timeout = 60_000): Promise<void> {
  try {
    await page.waitForFunction(
      (source: string, flags: string) => new RegExp(source, flags).test(document.body.innerText),
      { timeout, polling: 100 },
      words.source,
      words.flags,
    );
  } catch (error) {
    const shown = await page.evaluate(() => document.body.innerText.slice(0, 2_000));
    throw new Error(`Expected ${words} on the page, got: ${shown}`, { cause: error });
  }
}

/** Presses what has this label, once it can be pressed. */
async function press(page: Page, label: RegExp): Promise<void> {
  const found = await page.waitForFunction(
    (source: string) =>
      [...document.querySelectorAll<HTMLElement>('button, summary')].find(
        (element) =>
          new RegExp(source).test(element.textContent ?? '') &&
          element.offsetParent !== null &&
          !element.matches(':disabled, [aria-disabled="true"]'),
      ),
    { timeout: 30_000 },
    label.source,
  );
  const element = found.asElement() as ElementHandle<Element> | null;
  await element?.scrollIntoView();
  await element?.click();
}

const activeOf = (numbers: readonly number[]): number[] =>
  numbers.filter(
    (user) =>
      org.database.get<{ on: number }>(
        'SELECT "nbavs__Enabled__c" AS "on" FROM "nbavs__User__c" WHERE "Id" = ?',
        natterboxUserId(user),
      )?.on === 1,
  );

/** What goes wrong from the submission on; returns how to put right what can be. */
function spoil(): () => void {
  const id = natterboxUserId;
  const membership = org.database.get<{ Id: string }>(
    'SELECT "Id" FROM "nbavs__GroupMember__c" WHERE "nbavs__User__c" = ?',
    id(failing.lock),
  );
  const unlock = org.org.locks.hold(membership?.Id ?? '');
  const stopDeleting = whenAtWork(
    org.database,
    id(failing.deleted),
    `DELETE FROM "nbavs__User__c" WHERE "Id" = '${id(failing.deleted)}'`,
  );
  org.faults.add([
    refusalOf(id(failing.validation), 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Leavers need a ticket.'),
    refusalOf(
      id(failing.forbidden),
      'INSUFFICIENT_ACCESS_OR_READONLY',
      'insufficient access rights on object id',
    ),
  ]);
  // Somebody adds them to a group that needs a licence, while the batch is at work.
  const needing = org.database.get<{ Id: string }>(
    `SELECT "Id" FROM "nbavs__Group__c" WHERE "nbavs__PBX__c" = 1 AND "Id" NOT IN
     (SELECT "nbavs__Group__c" FROM "nbavs__GroupMember__c" WHERE "nbavs__User__c" = ?)`,
    id(failing.licence),
  );
  const late = recordId('a0M', 8_000);
  const stopAdding = whenAtWork(
    org.database,
    id(failing.licence),
    `INSERT OR IGNORE INTO "nbavs__GroupMember__c" ("Id", "Name", "CreatedDate", "nbavs__User__c", "nbavs__Group__c")
     SELECT '${late}', 'late', '${new Date().toISOString()}', '${id(failing.licence)}', '${needing?.Id ?? ''}'
     WHERE OLD."Id" <> '${late}'`,
  );
  return () => {
    unlock();
    stopDeleting();
    stopAdding();
    org.faults.clear();
  };
}

test('N5 N6 sixty users in one batch, five of whom fail: browser page closed, worker killed, retried, as CSV', async () => {
  await chromium.browser.setCookie({
    name: 'sid',
    value: org.session(1, 'api'),
    domain: 'acme.my.salesforce.com',
    path: '/',
    secure: true,
    httpOnly: true,
  });
  const others = activeOf(Array.from({ length: 120 }, (_none, index) => index + 1)).filter(
    (user) => !users.includes(user),
  );
  const first = await chromium.openWizardTab('?home');
  const connection = await first.evaluate(async (site) => {
    const { runtime } = (
      globalThis as unknown as { chrome: { runtime: { sendMessage(message: object): Promise<unknown> } } }
    ).chrome;
    const reply = (await runtime.sendMessage({ command: 'connection.add', request: { origin: site } })) as {
      ok: boolean;
      value?: { connection: { id: string } };
    };
    if (!reply.ok) throw new Error(JSON.stringify(reply));
    return reply.value?.connection.id ?? '';
  }, origin);

  // Home offers it where the workspace does.
  await first.reload();
  await press(first, /^Deactivate Users$/);
  await sees(first, /0 of 500 chosen/);
  await first.close();
  const choosing = await chromium.openWizardTab(`?${new URLSearchParams({ bulk: '', connection })}`);
  await sees(choosing, /Search users/);
  const names = users.map(
    (user) =>
      org.database.get<{ name: string }>(
        'SELECT "nbavs__Username__c" AS name FROM "nbavs__User__c" WHERE "Id" = ?',
        natterboxUserId(user),
      )?.name ?? '',
  );
  await press(choosing, /^Paste a list$/);
  const list = `${names.slice(0, 30).join('; ')}\n${names.slice(29).join('\n')}\nnobody@acme.example`;
  await choosing.evaluate((words) => {
    const area = document.querySelector('textarea');
    if (!area) throw new Error('There is nowhere to paste to.');
    area.focus();
    area.value = words;
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }, list);
  await press(choosing, /^Find these users$/);
  await sees(choosing, /60 users of 61 names chosen\. 1 name was there twice/);
  await sees(choosing, /nobody@acme\.example\s+Line 33: no user has this/);
  await press(choosing, /^Check 60 users$/);

  await sees(choosing, /60 users will be deactivated/, 90_000);
  assert.equal(org.writes(), 0, 'nothing is written before the submission');
  await sees(choosing, /never deleted/);
  const mend = spoil();
  for (;;) {
    const tick = await choosing.$('input[id^="tick-"]:not(:checked)');
    if (!tick) break;
    const id = await tick.evaluate((input) => input.id);
    await tick.click();
    await choosing.waitForSelector(`[id="${id}"]:checked`);
  }
  await press(choosing, /^Submit Request$/);
  await sees(choosing, /Deactivate 60 users\?/);
  await press(choosing, /^Deactivate 60 users$/);

  await sees(choosing, /[1-9]\d* of 60 users/);
  const batch = await choosing.evaluate(
    () =>
      new Promise<string>((resolve, reject) => {
        const opening = indexedDB.open('offboarding');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const all = opening.result.transaction('batches').objectStore('batches').getAll();
          all.onsuccess = () => {
            opening.result.close();
            resolve((all.result[0] as { id: string }).id);
          };
        };
      }),
  );
  await choosing.close();
  assert.ok(await chromium.killWorker(), 'the worker was killed in mid-batch');
  assert.ok(activeOf(users).length > 10, 'the batch was in its middle');

  const watching = await chromium.openWizardTab(`?${new URLSearchParams({ batch })}`);
  await sees(watching, /55 of 60 users are deactivated/, 120_000);
  assert.deepEqual(
    activeOf(users),
    Object.values(failing).filter((user) => user !== failing.deleted),
    'the five who failed are as they were, or gone',
  );
  await sees(watching, /unable to obtain exclusive access/);
  await sees(watching, /Leavers need a ticket/);
  await sees(watching, /insufficient access rights/);
  await sees(watching, /licence cannot be removed while the user is a member/);

  mend();
  await press(watching, /^Retry 5 failed users$/);
  await sees(watching, /Retry 5 failed users\?/);
  const [, again] = await watching.$$('dialog[open] button');
  await new Promise((resolve) => setTimeout(resolve, 500));
  await again?.click();
  await sees(watching, /59 of 60 users are deactivated/, 90_000);

  const protocol = await chromium.browser.target().createCDPSession();
  await protocol.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads });
  await press(watching, /^Save as CSV$/);
  const file = await (async () => {
    for (let turn = 0; turn < 200; turn += 1) {
      const [name] = readdirSync(downloads).filter((each) => each.endsWith('.csv'));
      if (name !== undefined) return name;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('No file came.');
  })();
  const lines = readFileSync(join(downloads, file), 'utf8').trimEnd().split('\r\n');
  assert.ok(lines.length > 60 * 3, 'a line for each user and step');
  assert.equal(lines.filter((line) => /"Deactivation","Completed"/i.test(line)).length, 59);

  // What the org says of itself.
  assert.deepEqual(activeOf(users), []);
  assert.deepEqual(activeOf(others), others, 'nobody else was touched');
  const left = org.database.get<{ n: number }>(
    `SELECT count(*) AS n FROM "nbavs__GroupMember__c" WHERE "nbavs__User__c" IN (${users.map(() => '?').join(',')})`,
    ...users.map(natterboxUserId),
  );
  assert.equal(left?.n, 0, 'no membership is left');
  const log = org.database.all<{ record: string; kind: string; changes: string }>('SELECT * FROM write_log');
  const written = log.map((row) => JSON.stringify([row.record, row.kind, row.changes]));
  assert.equal(new Set(written).size, written.length, 'nothing was written twice');
  assert.equal(
    org.database.get<{ n: number }>('SELECT count(*) AS n FROM "nbavs__User__c"')?.n,
    119,
    'nobody but the one whom somebody else deleted is gone',
  );
});
