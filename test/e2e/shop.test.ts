import { giveFreePorts } from '../support/e2e/configFile';
import { openWindow, type OpenWindow } from '../support/e2e/openWindow';
import { describeFailures } from './shop/failures';
import { describeLogs } from './shop/logs';
import { describeReload } from './shop/reload';
import { describeRows } from './shop/rows';
import { describeStatusBar } from './shop/statusBar';

/** Reloading a window takes its time on a busy machine. */
const settings = { 'localBackends.reconnectGrace': '2m' };

describe('a window on small backends', () => {
  let open: OpenWindow | undefined;
  const window = (): OpenWindow => {
    if (open === undefined) throw new Error('the window is only open during a test');
    return open;
  };

  before(async () => {
    open = await openWindow({ fixture: 'shop', screenshots: 'e2e/shop', settings, prepare: giveFreePorts });
    await open.workbench.allowClipboard();
    await open.workbench.openViewContainer('Backends');
  });

  after(async () => {
    await open?.close();
    open = undefined;
  });

  // One after the other in the same window; each leaves the backends as the next one finds them: "api" runs.
  describeRows(window);
  describeLogs(window);
  describeFailures(window);
  describeStatusBar(window);
  describeReload(window);
});
