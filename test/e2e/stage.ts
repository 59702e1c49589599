import { after, afterEach, before, beforeEach } from 'node:test';
import type { Page } from 'puppeteer-core';
import { type Chromium, launchChromium } from './chromium.ts';
import { offboard } from './wizard-steps.ts';
import { priya, startWorkspace, type Workspace } from './workspace.ts';

/** What the tests of a file play on. */
export interface Stage {
  chromium: Chromium;
  /** The running test's own. */
  workspace: Workspace;
  panel: Page;
  /** Opens a member's page as Priya and the panel from its button; resolves with the page. */
  openPanel(member: string, button?: string): Promise<Page>;
}

/** One Chromium for a file of tests and a workspace for each of them, ended after it; called once, before the tests. */
export function useStage(): Stage {
  const stage = {
    async openPanel(member, button) {
      const page = await stage.chromium.open(
        stage.workspace.memberPage(member),
        stage.workspace.cookie(priya),
      );
      stage.panel = await offboard(stage.chromium, page, button);
      return page;
    },
  } as Stage;
  before(async () => {
    stage.chromium = await launchChromium();
  });
  after(() => stage.chromium.close());
  beforeEach(async () => {
    stage.workspace = await startWorkspace();
  });
  afterEach(async () => {
    for (const page of await stage.chromium.browser.pages())
      if (page.url().startsWith('http')) await page.close();
    await stage.panel?.close().catch(() => {});
    await stage.workspace.close();
  });
  return stage;
}
