import assert from 'node:assert/strict';
import { openWindow, type OpenWindow } from '../support/e2e/openWindow';

const startTimeoutMs = 30_000;

describe('the view', () => {
  let window: OpenWindow;

  before(async () => {
    window = await openWindow({ fixture: 'host', screenshots: 'e2e/view' });
  });

  after(async () => {
    await window.close();
  });

  it('shows a row for the backend of the workspace', async () => {
    await window.workbench.openViewContainer('Backends');
    await window.workbench.row('api').waitFor(startTimeoutMs);
    await window.workbench.screenshot('row');
    assert.match(await window.workbench.row('api').description(), /stopped/);
  });

  it('starts it from the row and says when it is ready', async () => {
    await window.workbench.row('api').clickInlineAction('Start');
    await window.workbench.row('api').waitForDescription(/^ready/, startTimeoutMs);
    await window.workbench.screenshot('ready');
  });
});
