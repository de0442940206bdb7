import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { OpenWindow } from '../../support/e2e/openWindow';

const historyTimeoutMs = 30_000;

/** What is shown of output and events. Needs "api" running. */
export function describeLogs(window: () => OpenWindow): void {
  describe('its logs', () => {
    const titled = (title: string): Locator =>
      window().workbench.page.locator('.quick-input-widget .quick-input-title', { hasText: title });

    it('open as a terminal with colours and with what was printed before', async () => {
      const { workbench } = window();
      await workbench.row('api').clickInlineAction('Show Log');
      const line = workbench.terminalRows().locator('div', { hasText: 'shop api listens on' });
      await line.waitFor({ timeout: historyTimeoutMs });
      assert.equal(await line.locator('.xterm-fg-2').textContent(), 'shop api');
      const port = /:(\d+)/.exec(await workbench.row('api').description())?.[1];
      await fetch(`http://127.0.0.1:${port}/books`);
      const request = workbench.terminalRows().locator('div', { hasText: 'GET /books' });
      await request.waitFor({ timeout: historyTimeoutMs });
    });

    it('have links that can be followed', async () => {
      const { workbench } = window();
      await workbench.hoverTerminalText('http://127.0.0.1');
      const link = workbench.terminalRows().locator('span[style*="underline"]');
      await link.waitFor();
      assert.match((await link.textContent()) ?? '', /^http:\/\/127\.0\.0\.1:\d+\/$/);
      await workbench.screenshot('7-log-link');
      await workbench.movePointerAway();
    });

    it('show only the lines that match a filter, until Escape', async () => {
      const { workbench } = window();
      const rows = workbench.terminalRows().locator('div');
      await workbench.runCommand('Backends: Filter Log…');
      await workbench.pick('api');
      await titled('Filter Log').waitFor({ timeout: historyTimeoutMs });
      await workbench.page.keyboard.type('get /BOOKS');
      await workbench.page.keyboard.press('Enter');
      await rows.filter({ hasText: 'only lines with get /BOOKS' }).waitFor({ timeout: historyTimeoutMs });
      // A pattern: text is found in any case, and would be the line above.
      await rows
        .filter({ hasText: /GET \/books/ })
        .first()
        .waitFor({ timeout: historyTimeoutMs });
      assert.equal(await rows.filter({ hasText: 'shop api listens on' }).count(), 0);
      await workbench.screenshot('8-log-filter');
      await workbench.page.locator('.terminal-wrapper.active .xterm').click();
      await workbench.page.keyboard.press('Escape');
      await rows.filter({ hasText: 'shop api listens on' }).waitFor({ timeout: historyTimeoutMs });
    });

    it('can be searched with the find of the terminal', async () => {
      const { workbench } = window();
      await workbench.runCommand('Terminal: Focus Find');
      await workbench.page.keyboard.type('shop api listens');
      const count = workbench.page.locator('.simple-find-part .matchesCount');
      await count.filter({ hasText: /1 of 1/ }).waitFor({ timeout: historyTimeoutMs });
      await workbench.screenshot('8-log-find');
      await workbench.page.keyboard.press('Escape');
    });

    it('are one of all that runs, whichever window has its folder', async () => {
      const { workbench } = window();
      await workbench.runCommand('Backends: Show All Running Backends…');
      await titled('Running Backends of All Folders').waitFor({ timeout: historyTimeoutMs });
      assert.match((await workbench.pickLabels())[0] ?? '', /^api, ready/);
      assert.deepEqual(await workbench.pickButtons('api'), ['Stop', 'Show Log']);
      await workbench.screenshot('8-all-running');
      await workbench.page.keyboard.press('Escape');
    });

    it('have a channel of their own for what happens to backends', async () => {
      const { workbench } = window();
      await workbench.runCommand('Output: Show Output Channels...');
      // Only its name: the npm-delivered VS Code lacks the native module that writes log channels.
      assert.ok((await workbench.pickLabels()).includes('Local Backends'));
      await workbench.screenshot('8-channels');
      await workbench.page.keyboard.press('Escape');
      await workbench.runCommand('View: Hide Panel');
    });
  });
}
