import assert from 'node:assert/strict';
import { changeConfig, giveFreePorts } from '../support/e2e/configFile';
import { openWindow, type OpenWindow } from '../support/e2e/openWindow';
import { backendProcesses, isRunning } from '../support/e2e/ownProcesses';
import { Witness } from '../support/e2e/witness';
import { waitUntil } from '../support/waitUntil';

const startTimeoutMs = 60_000;
const sleepTimeoutMs = 45_000;
const backends = ['migrate', 'api', 'web', 'worker'] as const;
/** They sleep in half a minute and a minute for people; a test has less time. */
const idleTimeouts = { api: ['"30s"', '"6s"'], web: ['"1m"', '"8s"'] } as const;

describe('the sample workspace', () => {
  let window: OpenWindow;
  let witness: Witness;
  let pids: ReadonlyMap<string, number>;

  /** The processes that were started for backends, by what is in their command line. */
  const pidsNow = (): Map<string, number> => {
    const processes = backendProcesses(window.stateDir);
    const pidOf = (part: string): number => processes.find(({ command }) => command.includes(part))?.pid ?? 0;
    return new Map([
      ['api', pidOf('api/server.mjs')],
      ['web', pidOf('vite')],
      ['worker', pidOf('worker/worker.mjs')],
    ]);
  };
  const runs = (name: string): boolean => isRunning(pids.get(name) ?? 0);

  before(async () => {
    window = await openWindow({
      fixture: 'sample',
      screenshots: 'e2e/sample',
      prepare: async (folder) => {
        await giveFreePorts(folder);
        for (const [from, to] of Object.values(idleTimeouts)) changeConfig(folder, from, to);
      },
    });
  });

  after(async () => {
    await window.close();
  });

  it('lists its backends, none of them started by opening it', async () => {
    const { workbench } = window;
    await workbench.openViewContainer('Backends');
    for (const name of backends) await workbench.row(name).waitForDescription(/^stopped$/, startTimeoutMs);
    assert.equal(await workbench.statusBarText('readiness'), '0/4 ready');
    assert.deepEqual(backendProcesses(window.stateDir), []);
    await workbench.movePointerAway();
    await workbench.screenshot('1-stopped');
  });

  it('starts all of them from the palette, showing each wait as it goes', async () => {
    const { workbench } = window;
    witness = await Witness.start(workbench.page);
    const summary = workbench.page.locator('.statusbar-item', { hasText: /^4 backends ready in/ }).first();
    const summed = summary.waitFor({ timeout: 2 * startTimeoutMs }).then(
      () => summary.textContent(),
      () => 'no summary',
    );
    await workbench.runCommand('Backends: Start All Backends');
    await workbench.row('web').waitForDescription(/^(starting|ready)/, startTimeoutMs);
    await workbench.screenshot('2-starting');
    await witness.hasShown('migrate', /^done$/, startTimeoutMs);
    await witness.hasShown('worker', /^ready · stays awake$/, startTimeoutMs);
    await witness.hasShown('api', /^ready :\d+ · awake: web depends on it$/, startTimeoutMs);
    await witness.hasShown('web', /^ready :\d+ · sleeps in 10 s$/, startTimeoutMs);
    pids = pidsNow();
    await workbench.screenshot('3-ready');
    assert.deepEqual(['api', 'web', 'worker'].map(runs), [true, true, true]);
    await witness.hasShown('web', /^starting · probe \d+, next in [\d.]+ s$/, startTimeoutMs);
    assert.ok((await witness.descriptionsOf('api')).includes('waiting for migrate'));
    assert.ok((await witness.descriptionsOf('web')).includes('waiting for api'));
    const progress = (await witness.toasts()).filter((text) => text.startsWith('Starting 4 backends'));
    assert.ok(
      progress.some((text) => /: \d\/4 ready · web: (extra )?probe( \d+)? \(.+\): .+ · \d+ s/.test(text)),
      progress.join('\n'),
    );
    const status = await witness.status();
    assert.ok(status.some(({ text, spins }) => spins && /^[123]\/4 ready/.test(text)));
    assert.match((await summed) ?? '', /; (api|web) waited [\d.]+ s for (migrate|api); longest: \w+ [\d.]+ s$/);
    await workbench.screenshot('3-summary');
    assert.deepEqual(await workbench.toastMessages(), []);
  });

  it('counts down in steps on the row and to the second in the status bar, then lets the unused one sleep', async () => {
    const { workbench } = window;
    await workbench.row('web').waitForDescription(/^asleep · wakes at :\d+$/, sleepTimeoutMs);
    await workbench.screenshot('4-web-asleep');
    await workbench.row('api').waitForDescription(/^asleep · wakes at :\d+$/, sleepTimeoutMs);
    await workbench.screenshot('5-asleep');
    const steps = (await witness.descriptionsOf('web')).flatMap((text) => /sleeps in (.+)$/.exec(text)?.[1] ?? []);
    assert.deepEqual([...new Set(steps)], ['10 s', '5 s']);
    const seconds = (await witness.status()).flatMap(({ text }) => /web sleeps in (.+)$/.exec(text)?.[1] ?? []);
    assert.ok(new Set(seconds).size >= 4, `second by second: ${seconds.join(', ')}`);
    assert.match(await workbench.row('worker').description(), /^ready/);
    assert.equal(await workbench.statusBarText('readiness'), '2/4 ready');
    assert.deepEqual(['api', 'web', 'worker'].map(runs), [false, false, true]);
  });

  it('starts a sleeping one again from its row, with what it depends on', async () => {
    const { workbench } = window;
    await workbench.row('web').clickInlineAction('Start');
    await workbench.row('web').waitForDescription(/^ready/, startTimeoutMs);
    await workbench.screenshot('6-again');
    const before = pids;
    pids = pidsNow();
    assert.deepEqual(['api', 'web', 'worker'].map(runs), [true, true, true]);
    assert.notEqual(pids.get('api'), before.get('api'));
    assert.equal(pids.get('worker'), before.get('worker'));
  });

  it('stops everything, and no process is left', async () => {
    const { workbench } = window;
    await workbench.runCommand('Backends: Stop All Backends');
    for (const name of backends) await workbench.row(name).waitForDescription(/^stopped$/, startTimeoutMs);
    await waitUntil('the status bar to be calm', async () => {
      return (await workbench.statusBarText('readiness')) === '0/4 ready';
    });
    await workbench.movePointerAway();
    await workbench.screenshot('7-stopped');
    assert.deepEqual(backendProcesses(window.stateDir), []);
    assert.deepEqual(['api', 'web', 'worker'].map(runs), [false, false, false]);
  });
});
