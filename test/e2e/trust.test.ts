import assert from 'node:assert/strict';
import { changeConfig, giveFreePorts } from '../support/e2e/configFile';
import { openWindow, type OpenWindow } from '../support/e2e/openWindow';
import { backendProcesses, brokerProcesses, type OwnProcess } from '../support/e2e/ownProcesses';
import type { Workbench } from '../support/vscode/workbench';
import { waitUntil } from '../support/waitUntil';

const startTimeoutMs = 60_000;
const question = 'jobs (node jobs.mjs) wants to start whenever this workspace is opened.';

const settings = {
  'security.workspace.trust.startupPrompt': 'never',
  // Everything is to be gone soon after the last window.
  'localBackends.reconnectGrace': '2s',
};

async function prepare(folder: string): Promise<void> {
  await giveFreePorts(folder);
  changeConfig(
    folder,
    '"command": ["node", "jobs.mjs"],',
    '"command": ["node", "jobs.mjs"],\n      "autoStart": true,',
  );
}

describe('a workspace that nobody has trusted yet', () => {
  let window: OpenWindow;
  let workbench: Workbench;

  const allGone = async (): Promise<void> => {
    const left = (): readonly OwnProcess[] => [
      ...backendProcesses(window.stateDir),
      ...brokerProcesses(window.stateDir),
    ];
    await waitUntil('nothing to be left', () => left().length === 0, startTimeoutMs).catch(() => {});
    assert.deepEqual(left(), []);
  };

  before(async () => {
    window = await openWindow({ fixture: 'shop', screenshots: 'e2e/trust', workspaceTrust: true, settings, prepare });
    workbench = window.workbench;
  });

  after(async () => {
    await window.close();
  });

  it('shows its backends, and says why none can be started', async () => {
    await workbench.openViewContainer('Backends');
    await workbench.row('jobs').waitForDescription(/^stopped · needs a trusted workspace$/, startTimeoutMs);
    assert.ok(!(await workbench.paletteOffers('Backends: ')).includes('Backends: Start All Backends'));
    await workbench.statusBarItem('readiness').click();
    await workbench.clickPickButton('api', 'Start');
    assert.match(await workbench.toastMessage('api'), /"api" is not started: this workspace is not trusted/);
    await workbench.movePointerAway();
    await workbench.screenshot('1-refused');
    assert.deepEqual(backendProcesses(window.stateDir), []);
    assert.equal(await workbench.row('api').description(), 'stopped · needs a trusted workspace');
  });

  it('asks once trusted before anything starts by itself, and starts it when allowed', async () => {
    await workbench.clickToastButton('api', 'Manage Workspace Trust');
    const trust = workbench.page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ });
    await trust.first().waitFor();
    await workbench.screenshot('2-manage-trust');
    await trust.first().click();
    await workbench.page.locator('.monaco-modal-editor-block .codicon-close').first().click();
    assert.equal(await workbench.toastMessage('wants to start', startTimeoutMs), question);
    assert.deepEqual(await workbench.toastButtons('wants to start'), ['Allow', 'Never', 'Show Configuration']);
    await workbench.screenshot('3-consent');
    assert.deepEqual(backendProcesses(window.stateDir), []);
    await workbench.clickToastButton('wants to start', 'Allow');
    await workbench.row('jobs').waitForDescription(/^ready/, startTimeoutMs);
    await workbench.screenshot('4-allowed');
  });

  it('leaves nothing behind soon after its last window has closed', async () => {
    assert.equal(backendProcesses(window.stateDir).length, 1);
    await workbench.close();
    await allGone();
  });
});
