import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { OpenWindow } from '../../support/e2e/openWindow';
import { readConfig } from '../../support/e2e/configFile';

const startTimeoutMs = 60_000;

/** What a person is told when a start fails. Leaves "broken" and "taken" failed. */
export function describeFailures(window: () => OpenWindow): void {
  describe('its failures', () => {
    it('are told on the row, in a message with actions and in the hover with the last output', async () => {
      const { workbench } = window();
      const row = workbench.row('broken');
      await row.clickInlineAction('Start');
      await row.waitForDescription(/^failed · exit 1$/, startTimeoutMs);
      assert.equal(await row.ariaLabel(), 'broken, failed, exit 1');
      assert.equal(await row.icon(), 'codicon-error');
      assert.match(await workbench.toastMessage('broken'), /"broken" exited with code 1 before it was ready/);
      assert.deepEqual(await workbench.toastButtons('broken'), ['Show Log', 'Retry', 'Open Config']);
      assert.match(await row.hoverText(/Last output/), /no such table: books/);
      await workbench.screenshot('9-failed');
      await workbench.movePointerAway();
    });

    it('lead to the log at once', async () => {
      const { workbench } = window();
      await workbench.clickToastButton('broken', 'Show Log');
      await workbench.terminalRows().locator('div', { hasText: 'no such table: books' }).waitFor();
      await workbench.screenshot('10-failed-log');
      await workbench.clearToasts();
    });

    it('name the process that has the port', async () => {
      const { workbench, workspace } = window();
      const port = Number(/"taken"[^}]*"port": (\d+)/.exec(readConfig(workspace))?.[1]);
      const stranger = createServer().listen(port, '127.0.0.1');
      try {
        const row = workbench.row('taken');
        await row.clickInlineAction('Start');
        assert.equal(await row.waitForDescription(/^failed/, startTimeoutMs), `failed · port ${port} is taken`);
        const message = await workbench.toastMessage(`port ${port} is taken by process`);
        assert.ok(message.includes(`process ${process.pid} `), message);
        assert.deepEqual(await workbench.toastButtons('taken'), ['Stop It…', 'Show Log', 'Open Config']);
        await workbench.screenshot('11-port-taken');
        await workbench.clearToasts();
      } finally {
        await new Promise((closed) => stranger.close(closed));
      }
    });
  });
}
