import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, useBroker, type BrokerHarness } from '../../support/brokerHarness';
import { failsWith, failureOf } from '../../support/failsWith';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';
import type { TestWindow } from '../../support/testWindow';
import { requests } from '../../../src/protocol/messages';

describe('two worktrees of one repository', function () {
  this.timeout(60_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  interface Worktrees {
    readonly window: TestWindow;
    readonly one: string;
    readonly two: string;
    readonly port: number;
  }

  /** Both declare the same backend with the same fixed port, which is free. */
  const worktrees = async (): Promise<Worktrees> => {
    const b = broker();
    const [one, two] = ['shop', 'shop-feature'].map((name) => join(b.root, name)) as [string, string];
    for (const folder of [one, two]) {
      mkdirSync(folder);
      writeFileSync(join(folder, 'server.cjs'), httpServerSource);
    }
    const api = { command: ['node', 'server.cjs'], env: { WHERE: ':${port}' }, port: 'auto', ready: { http: '/' } };
    const window = b.window();
    await window.open({ [one]: { api } });
    const { publicPort: port = 0 } = await window.start('api', { folder: one });
    await window.stop('api', one);
    const fixed = { api: { ...api, port } };
    await window.open({ [one]: fixed, [two]: fixed });
    return { window, one, two, port };
  };

  const start = (window: TestWindow, folder: string, anotherPort: boolean): Promise<{ publicPort?: number }> =>
    window.link.request(requests.start, {
      key: window.key('api', folder),
      origin: 'person',
      environment: { PATH: process.env['PATH'] ?? '' },
      anotherPort,
    });

  it('cannot have the same port: the owner is named with its folder, and can be stopped for the other', async () => {
    const { window, one, two, port } = await worktrees();
    await window.start('api', { folder: one });
    const failure = await failureOf(window.start('api', { folder: two }));
    assert.equal(failure.code, 'portTaken');
    assert.match(
      failure.message,
      new RegExp(`port ${port} is taken by the backend "api" of the folder .*/shop, process`),
    );
    assert.equal(failure.failure.portHolder?.backend, window.key('api', one));
    await window.stop('api', one);
    assert.equal((await window.start('api', { folder: two })).publicPort, port);
  });

  it('can both run when one takes another port for this run, which its dependents are told', async () => {
    const { window, one, two, port } = await worktrees();
    await window.start('api', { folder: one });
    const { publicPort } = await start(window, two, true);
    assert.notEqual(publicPort, port);
    assert.equal(window.view('api', two).state, 'ready');
    await window.stop('api', one);
    await window.stop('api', two);
    assert.equal((await start(window, two, false)).publicPort, port, 'what is declared holds again the next time');
  });

  it('are listed together for a window that has neither open, and can be stopped from there', async () => {
    const { window, one, two } = await worktrees();
    await window.start('api', { folder: one });
    await start(window, two, true);
    const stranger = broker().connect();
    const running = await stranger.request(requests.runningEverywhere, {});
    assert.deepEqual(running.map((view) => [view.folderPath, view.name, view.state]).sort(), [
      [one, 'api', 'ready'],
      [two, 'api', 'ready'],
    ]);
    for (const { key } of running) await stranger.request(requests.stop, { key, cause: 'stopped from the list' });
    assert.deepEqual(await stranger.request(requests.runningEverywhere, {}), []);
    await window.waitFor('api', 'stopped', one);
  });
});

describe('the same folder in two windows', function () {
  this.timeout(60_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  const spawned = (b: BrokerHarness): number => readFileSync(join(b.folder, 'spawned'), 'utf8').split('\n').length - 1;

  it('spawns once for a start pressed in both, 25 times over, and shows both the same', async () => {
    const b = broker();
    const [left, right] = [b.window(), b.window()];
    const api = { command: 'echo x >> spawned; echo up; exec sleep 100', ready: { log: 'up' } };
    await left.declare({ api });
    await right.declare({ api });
    for (let round = 1; round <= 25; round++) {
      const [one, other] = await Promise.all([left.start('api'), right.start('api')]);
      assert.equal(one.pid, other.pid);
      assert.equal(spawned(b), round);
      await (round % 2 === 0 ? left : right).stop('api');
      await Promise.all([left.waitFor('api', 'stopped'), right.waitFor('api', 'stopped')]);
    }
    await assert.rejects(left.sleepNow('api'), failsWith('cancelled'));
    assert.equal(b.brokerPids.filter(isAlive).length, 1, 'both may have started a broker; one of them gave way');
  });
});
