import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Firefox, launchFirefox } from './firefox.ts';
import { dana, leftOver, priya, startWorkspace, type Workspace } from './workspace.ts';

/** The main job in a real Firefox: the wizard opens in a tab, since a click in a page may not open the sidebar. */

const enter = '\uE007';
let firefox: Firefox;
let workspace: Workspace;

before(async () => {
  workspace = await startWorkspace();
  firefox = await launchFirefox();
});
after(async () => {
  await firefox?.close();
  await workspace?.close();
});

const button = (name: string): string => `//button[normalize-space()='${name}']`;

/** Our element at the end of the member's actions: closed to the page, but its place can be seen. */
async function placeOfButton(): Promise<{ x: number; y: number }> {
  const end = Date.now() + 20_000;
  for (;;) {
    const place = await firefox.evaluate<{ x: number; y: number } | null>(`
      const last = document.querySelector('[data-testid="member-actions"]')?.lastElementChild;
      if (!last || last.tagName === 'BUTTON' || last.shadowRoot) return null;
      const box = last.getBoundingClientRect();
      return box.width > 60 ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;`);
    if (place) return place;
    if (Date.now() > end) throw new Error('There is no button on the page.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('W1.1 W6.5 offboards a teammate in Firefox, in a tab', async () => {
  await firefox.open(workspace.memberPage(dana), workspace.cookie(priya));
  const { x, y } = await placeOfButton();
  await firefox.clickAt(x, y);
  await firefox.switchTo(firefox.extensionOrigin);
  await firefox.see(/Scanned (just now|\d)/);
  await firefox.click(button('Continue'));
  await firefox.see('Who receives what');
  await firefox.click("(//button[contains(., 'Choose a member')])[1]");
  await firefox.type('Tom Okafor');
  await firefox.see('tom.okafor@');
  await firefox.type(enter);
  await firefox.click(`${button('Continue')}[not(@aria-disabled='true') and not(@disabled)]`);
  await firefox.see('Future impact');
  const unticked = "document.querySelectorAll('main input[type=checkbox]:not(:checked)')";
  for (
    let turn = 0;
    turn < 20 && (await firefox.evaluate<number>(`return ${unticked}.length`)) > 0;
    turn += 1
  ) {
    const before = await firefox.evaluate<number>(`return ${unticked}.length`);
    await firefox.evaluate(`${unticked}[0].click()`);
    for (
      let wait = 0;
      wait < 50 && (await firefox.evaluate<number>(`return ${unticked}.length`)) === before;
      wait += 1
    )
      await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await firefox.click(button('Continue'));
  await firefox.see('Before Start');
  await firefox.evaluate(`for (const box of ${unticked}) box.click()`);
  await firefox.click(button('Start'));
  await firefox.see('Deactivation happens only if every step completes.');
  await new Promise((resolve) => setTimeout(resolve, 600));
  await firefox.click(button('Move 280 and deactivate'));
  await firefox.see('Dana Ruiz is inactive and owns nothing we can read.', 90_000);

  const owned = await workspace.owned(dana);
  assert.equal(owned.active, false);
  assert.deepEqual(leftOver(owned), []);
  const writes = await workspace.writes();
  assert.deepEqual([writes.total, writes.doubled], [280 + 1, 0]);
});
