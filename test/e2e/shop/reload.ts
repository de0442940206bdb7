import assert from 'node:assert/strict';
import type { OpenWindow } from '../../support/e2e/openWindow';
import { backendProcesses, brokerProcesses } from '../../support/e2e/ownProcesses';

const startTimeoutMs = 60_000;

/** Several windows, one after the other and side by side. Needs "api" running. */
export function describeReload(window: () => OpenWindow): void {
  describe('its backends', () => {
    it('live through a reload of the window and are shown again without a click', async () => {
      const { workbench, stateDir } = window();
      const before = backendProcesses(stateDir);
      assert.equal(before.length, 1);
      await workbench.reload();
      await workbench.openViewContainer('Backends');
      await workbench.row('api').waitForDescription(/^ready :\d+ · sleeps in \d+ min$/, startTimeoutMs);
      await workbench.screenshot('14-reloaded');
      assert.deepEqual(backendProcesses(stateDir), before);
      const hover = await workbench.row('api').hoverText(/pid \d+/);
      assert.ok(hover.includes(`pid ${before[0]?.pid},`), hover);
      await workbench.movePointerAway();
    });

    it('are the same in a second window on the folder', async () => {
      const { workbench, workspace, stateDir } = window();
      const second = await window().openAnother(workspace);
      await second.openViewContainer('Backends');
      await second.row('api').waitForDescription(/^ready/, startTimeoutMs);
      await second.row('jobs').clickInlineAction('Start');
      await second.row('jobs').waitForDescription(/^ready/, startTimeoutMs);
      await second.screenshot('15-second-window');
      await workbench.page.bringToFront();
      await workbench.row('jobs').waitForDescription(/^ready/, startTimeoutMs);
      await workbench.row('api').clickInlineAction('Stop');
      await workbench.row('api').waitForDescription(/^stopped$/, startTimeoutMs);
      await second.page.bringToFront();
      await second.row('api').waitForDescription(/^stopped$/, startTimeoutMs);
      assert.equal(brokerProcesses(stateDir).length, 1);
      await second.close();
    });

    it('stop when the window says so', async () => {
      const { workbench, stateDir } = window();
      await workbench.runCommand('Backends: Stop All Backends');
      await workbench.row('jobs').waitForDescription(/^stopped$/, startTimeoutMs);
      assert.deepEqual(backendProcesses(stateDir), []);
    });
  });
}
