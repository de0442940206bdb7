import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripAnsi } from '../../../src/platform/files/stripAnsi';
import { useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { waitUntil } from '../../support/waitUntil';

describe('the lines between runs in a log', function () {
  this.timeout(30_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  const log = (name: string): string => stripAnsi(readFileSync(broker().logFileOf(name), 'utf8'));
  const saysBye = `process.on('SIGTERM', () => process.stdout.write('bye', () => process.exit(3)));
    setInterval(() => {}, 1000); console.log('up')`;

  it('tell who asked for the start and the stop, and how the run ended', async () => {
    await broker().declare({ api: { command: ['node', '-e', saysBye], ready: { log: 'up' } } });
    await broker().start('api');
    await broker().stop('api');
    const [header = '', up, bye, footer = '', ...rest] = log('api').trimEnd().split('\n');
    assert.match(header, /^─── .+ api started by you ───$/);
    assert.deepEqual([up, bye], ['up', 'bye'], 'output without a line end does not run into the footer');
    assert.match(footer, /^─── .+ api stopped by the test \(exit code 3, ran .+ s\) ───$/);
    assert.deepEqual(rest, []);
  });

  it('tell of a one-shot that it is done', async () => {
    await broker().declare({ migrate: { command: 'echo migrated', oneShot: true } });
    await broker().start('migrate');
    const [header = '', said, footer = '', ...rest] = log('migrate').trimEnd().split('\n');
    assert.match(header, /^─── .+ migrate started by you ───$/);
    assert.equal(said, 'migrated');
    assert.match(footer, /^─── .+ migrate is done \(exit code 0, ran .+ s\) ───$/);
    assert.deepEqual(rest, []);
  });

  it('name the signal where a backend was killed, and come after its last output', async () => {
    await broker().declare({ api: { command: 'echo up; seq 200000; kill -9 $$', ready: { log: 'up' } } });
    await broker()
      .start('api')
      .catch(() => {});
    await waitUntil('the footer', () => /ran .+ s\) ───\n$/.test(log('api')));
    assert.match(log('api'), /\n200000\n─── .+ \(ended by SIGKILL, ran .+ s\) ───\n$/);
  });
});
