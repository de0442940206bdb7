import assert from 'node:assert/strict';
import type { OpenWindow } from '../../support/e2e/openWindow';

const startTimeoutMs = 60_000;

/** The one item in the status bar. Needs "api" running and two failed; leaves all but "api" stopped. */
export function describeStatusBar(window: () => OpenWindow): void {
  describe('its status bar', () => {
    it('has the colour of an error while a backend has failed, and says so to a screen reader', async () => {
      const item = window().workbench.statusBarItem('readiness');
      assert.match((await item.getAttribute('class')) ?? '', /\berror-kind\b/);
      assert.equal(await item.getAttribute('aria-label'), 'Backends: 1 of 4 ready, 2 failed, 1 stopped');
      assert.match(await window().workbench.statusBarText('readiness'), /^1\/4 ready · api sleeps in \d+:\d\d$/);
    });

    it('opens a list of all backends with buttons that fit', async () => {
      const { workbench } = window();
      await workbench.statusBarItem('readiness').click();
      assert.match(
        (await workbench.pickLabels()).join('\n'),
        /^api, ready.*\njobs, stopped\nbroken, failed · exit 1\n/,
      );
      assert.deepEqual(await workbench.pickButtons('api'), ['Stop', 'Show Log', 'Open in Browser']);
      assert.deepEqual(await workbench.pickButtons('jobs'), ['Start', 'Show Log']);
      await workbench.screenshot('12-list');
      await workbench.clickPickButton('jobs', 'Start');
      await workbench.row('jobs').waitForDescription(/^ready/, startTimeoutMs);
    });

    it('is calm again when nothing is failed any more', async () => {
      const { workbench } = window();
      for (const name of ['broken', 'taken', 'jobs']) {
        await workbench.row(name).contextAction('Stop');
        await workbench.row(name).waitForDescription(/^stopped$/, startTimeoutMs);
      }
      await workbench.page.locator('[id="local-backends.local-backends.readiness"]:not(.error-kind)').waitFor();
      await workbench.movePointerAway();
      await workbench.screenshot('13-calm');
    });
  });
}
