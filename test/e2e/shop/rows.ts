import assert from 'node:assert/strict';
import type { OpenWindow } from '../../support/e2e/openWindow';
import { commandLineOf, isRunning } from '../../support/e2e/ownProcesses';
import { waitUntil } from '../../support/waitUntil';

const startTimeoutMs = 60_000;
const ready = /^ready :\d+ · sleeps in 20 min$/;
const look = ['Show Log', 'Filter Log…', 'Show Log File', 'Show Details', 'Open Configuration'];

/** What rows of the tree say, offer and do. Leaves "api" running. */
export function describeRows(window: () => OpenWindow): void {
  describe('its rows', () => {
    it('offer to start what is stopped', async () => {
      const row = window().workbench.row('api');
      await row.waitForDescription(/^stopped$/, startTimeoutMs);
      assert.equal(await row.ariaLabel(), 'api, stopped');
      assert.deepEqual(await row.inlineActions(), ['Start', 'Show Log']);
      assert.deepEqual(await row.contextMenu(), ['Start', 'Copy URL', ...look]);
      assert.equal(await window().workbench.badge('Backends'), '');
    });

    it('offer what fits a backend that is ready, and count it on the icon', async () => {
      const { workbench } = window();
      const row = workbench.row('api');
      await row.clickInlineAction('Start');
      const port = /:(\d+)/.exec(await row.waitForDescription(ready, startTimeoutMs))?.[1];
      assert.equal(await row.ariaLabel(), `api, ready on port ${port}, goes to sleep when unused`);
      assert.equal(await row.icon(), 'codicon-pass-filled');
      assert.deepEqual(await row.inlineActions(), ['Open in Browser', 'Stop', 'Show Log']);
      const idle = ['Sleep Now', 'Keep Awake…', 'Why Is It Awake?'];
      const offered = ['Stop', 'Restart', ...idle, 'Open in Browser', 'Copy URL', ...look];
      assert.deepEqual(await row.contextMenu(), offered);
      await waitUntil('the badge to count it', async () => (await workbench.badge('Backends')) === '1');
      await row.locator.click({ button: 'right' });
      await workbench.screenshot('1-ready-menu');
      await workbench.page.keyboard.press('Escape');
    });

    it('tell the command, the process, the address and the exact time of sleep to whoever hovers', async () => {
      const { workbench } = window();
      const row = workbench.row('api');
      const port = /:(\d+)/.exec(await row.description())?.[1];
      const hover = await row.hoverText(/pid \d+/);
      await workbench.screenshot('2-hover');
      const pid = Number(/pid (\d+)/.exec(hover)?.[1]);
      assert.ok(isRunning(pid), hover);
      assert.equal(commandLineOf(pid), 'node api.mjs');
      assert.match(hover, /Command: node api\.mjs/);
      assert.ok(hover.includes(`Address: http://localhost:${port}`), hover);
      assert.match(hover, /Sleeps: at \d\d:\d\d:\d\d/);
      assert.match(hover, /Readiness:.*✓ .+ \(.+\) after [\d.]+ m?s: HTTP 200/);
      await workbench.movePointerAway();
    });

    it('are below a line that counts down to the second, under a hover and a slow click in progress', async () => {
      const { workbench } = window();
      const row = workbench.row('api');
      const text = await workbench.viewMessage();
      assert.match(text, /^1\/4 ready · api sleeps in \d+:\d\d$/);
      const moreTicks = async (): Promise<void> => {
        for (let tick = 0; tick < 2; tick++) {
          const before = await workbench.viewMessage();
          await waitUntil('the next second', async () => (await workbench.viewMessage()) !== before);
        }
      };
      await row.hoverText(/pid \d+/);
      await moreTicks();
      assert.equal(await workbench.page.locator('.workbench-hover .hover-contents').first().isVisible(), true);
      await workbench.screenshot('2-countdown');
      await workbench.movePointerAway();
      await workbench.slowClick(workbench.titleAction('Open Configuration'), moreTicks);
      await workbench.page.locator('.tab[aria-label^="backends.json"]').waitFor();
      await workbench.runCommand('View: Close All Editors');
    });

    it('keep a backend awake for a while, and let it sleep again', async () => {
      const { workbench } = window();
      const row = workbench.row('api');
      await row.contextAction('Keep Awake…');
      assert.deepEqual(await workbench.pickLabels(), ['For 15 Minutes', 'For 1 Hour', 'Until I Release or Stop It']);
      await workbench.screenshot('3-keep-awake');
      await workbench.pick('For 15 Minutes');
      await row.waitForDescription(/^ready :\d+ · awake: kept awake by you$/, startTimeoutMs);
      assert.match(await row.hoverText(/Kept awake by/), /Kept awake by: you, until \d\d:\d\d:\d\d/);
      await workbench.screenshot('4-kept-awake');
      assert.ok(!(await row.contextMenu()).includes('Keep Awake…'));
      await row.contextAction('Release Keep Awake');
      await row.waitForDescription(ready, startTimeoutMs);
    });

    it('copy the address as the person reaches it', async () => {
      const { workbench } = window();
      const row = workbench.row('api');
      const port = /:(\d+)/.exec(await row.description())?.[1] ?? '';
      await row.contextAction('Copy URL');
      // This VS Code would forward the port through an address of its own, so only the port is known here.
      const address = new RegExp(`^http://.*\\b${port}\\b`);
      await waitUntil('the clipboard', async () => address.test(await workbench.clipboardText()));
    });

    it('open a page with the whole story', async () => {
      const { workbench } = window();
      await workbench.row('api').contextAction('Show Details');
      const text = await workbench.previewText(/Timeline/);
      for (const part of ['node api.mjs', 'started by you', 'HTTP 200']) assert.ok(text.includes(part), part);
      await workbench.screenshot('5-details');
      await workbench.runCommand('View: Close All Editors');
    });

    it('can be reached, chosen and acted upon with the keyboard alone', async () => {
      const { workbench } = window();
      const { keyboard } = workbench.page;
      await workbench.movePointerAway();
      await workbench.runCommand('Backends: Focus on Backends View');
      await workbench.waitForFocusedRow();
      await keyboard.press('Home');
      await workbench.waitForFocusedRow('api, ready');
      await keyboard.press('ArrowDown');
      await workbench.waitForFocusedRow('jobs, stopped');
      for (const key of ['Space', 'Enter']) await keyboard.press(key);
      await keyboard.press('Shift+F10');
      await workbench.waitForMenuFocus('Start');
      await workbench.screenshot('6-keyboard-menu');
      await keyboard.press('Enter');
      await workbench.row('jobs').waitForDescription(/^ready · stays awake$/, startTimeoutMs);
      await keyboard.press('Shift+F10');
      await workbench.waitForMenuFocus('Stop');
      await keyboard.press('Enter');
      await workbench.row('jobs').waitForDescription(/^stopped$/, startTimeoutMs);
    });
  });
}
