import { openWindow, type OpenWindow } from '../support/e2e/openWindow';

const readyTimeoutMs = 60_000;

describe('the sample workspace', () => {
  let window: OpenWindow;

  before(async () => {
    window = await openWindow({ fixture: 'sample', screenshots: 'e2e/sample' });
  });

  after(async () => {
    await window.close();
  });

  it('has backends that all become ready when all are started', async () => {
    const { workbench } = window;
    await workbench.openViewContainer('Backends');
    await workbench.row('api').waitFor(readyTimeoutMs);
    await workbench.screenshot('stopped');
    await workbench.runCommand('Backends: Start All Backends');
    for (const name of ['api', 'web', 'worker']) await workbench.row(name).waitForDescription(/^ready/, readyTimeoutMs);
    await workbench.row('migrate').waitForDescription(/^(done|ready|finished)/, readyTimeoutMs);
    await workbench.screenshot('ready');
  });
});
