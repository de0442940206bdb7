import assert from 'node:assert/strict';
import type { OpenWindow } from '../../support/e2e/openWindow';

const historyTimeoutMs = 30_000;

/** What is shown of output and events. Needs "api" running. */
export function describeLogs(window: () => OpenWindow): void {
  describe('its logs', () => {
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
