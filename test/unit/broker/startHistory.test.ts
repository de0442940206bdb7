import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartHistory } from '../../../src/broker/startHistory';
import { useTempDir } from '../../support/tempDir';
import { ManualClock } from '../vscode/manualClock';

describe('the memory of past starts', () => {
  const dir = useTempDir();
  let clock: ManualClock;
  let warnings: string[];
  const open = (): StartHistory =>
    new StartHistory(dir(), clock, { log: (_level, message) => void warnings.push(message) });
  const file = (): string => join(dir(), 'history.json');

  beforeEach(() => {
    clock = new ManualClock();
    warnings = [];
  });

  it('is found again by the next broker, by outcome and by definition', async () => {
    const history = open();
    for (const ms of [3_000, 3_200, 3_400]) history.record('web', 'ready', ms, true);
    history.record('web', 'failed', 60_000);
    history.record('another definition', 'ready', 10);
    await history.flush();
    const next = open();
    assert.deepEqual(next.pastStarts('web'), {
      readyMs: [3_000, 3_200, 3_400],
      failedMs: [60_000],
      saidSo: [true, true, true],
    });
    assert.equal(next.expectation('web')?.typicalMs, 3_200);
    assert.equal(next.expectation('web')?.saysSo, true);
    assert.equal(next.expectation('another definition')?.typicalMs, 10);
    assert.equal(next.expectation('never started'), undefined);
    assert.deepEqual(warnings, []);
  });

  it('counts a start at once', () => {
    const history = open();
    assert.equal(history.expectation('web'), undefined);
    history.record('web', 'ready', 50);
    assert.deepEqual(history.expectation('web'), { typicalMs: 50, notBeforeMs: 30 });
  });

  it('writes once for starts that come together, for the person alone', async () => {
    const history = open();
    history.record('web', 'ready', 1);
    history.record('api', 'ready', 2);
    assert.equal(clock.pending, 1);
    assert.equal(existsSync(file()), false);
    clock.advance(500);
    await history.flush();
    assert.equal(clock.pending, 0);
    assert.equal(statSync(file()).mode & 0o777, 0o600);
  });

  it('keeps the last 20 of each outcome and the 500 definitions last started, and no path', async () => {
    const history = open();
    for (let start = 0; start < 50; start++) history.record('/home/me/web', start % 2 ? 'ready' : 'failed', start);
    for (let other = 0; other < 499; other++) history.record(`other ${other}`, 'ready', other);
    history.record('/home/me/web', 'ready', 99);
    history.record('one more', 'ready', 1);
    await history.flush();
    const next = open();
    assert.equal(next.pastStarts('/home/me/web').readyMs.length, 20);
    assert.equal(next.pastStarts('/home/me/web').readyMs.at(-1), 99);
    assert.equal(next.pastStarts('/home/me/web').failedMs.length, 20);
    assert.deepEqual(next.pastStarts('other 0').readyMs, [], 'the one longest unused is forgotten');
    assert.deepEqual(next.pastStarts('other 1').readyMs, [1]);
    assert.ok(statSync(file()).size < 100_000);
  });

  it('keeps what another broker wrote of other backends meanwhile', async () => {
    const [ours, theirs] = [open(), open()];
    theirs.record('theirs', 'ready', 7);
    await theirs.flush();
    ours.record('ours', 'ready', 5);
    await ours.flush();
    assert.deepEqual(open().pastStarts('theirs').readyMs, [7]);
    assert.deepEqual(open().pastStarts('ours').readyMs, [5]);
  });

  for (const [what, text] of [
    ['half a file', '{"version":1,"starts":{"web":[[1'],
    ['a list', '[1,2]'],
    ['another version', '{"version":2,"starts":{"web":[[1],[]]}}'],
    ['durations that are none', '{"version":1,"starts":{"web":[["soon"],[]],"api":[[-1],[]],"db":[[1e99],[]],"x":7}}'],
    ['far too much', ' '.repeat(600 * 1024)],
  ] as const) {
    it(`begins anew with ${what}`, async () => {
      writeFileSync(file(), text);
      const history = open();
      for (const id of ['web', 'api', 'db', 'x']) assert.deepEqual(history.pastStarts(id).readyMs, []);
      history.record('web', 'ready', 4);
      await history.flush();
      assert.deepEqual(open().pastStarts('web').readyMs, [4]);
    });
  }

  it('is only told, never in the way, when it cannot be written', async () => {
    const history = open();
    rmSync(dir(), { recursive: true });
    history.record('web', 'ready', 4);
    await history.flush();
    assert.equal(history.expectation('web')?.typicalMs, 4);
    assert.match(warnings.join('\n'), /the history of starts could not be kept/);
  });

  it('leaves nothing but the file', async () => {
    const history = open();
    history.record('web', 'ready', 4);
    history.dispose();
    await history.flush();
    assert.equal(clock.pending, 0);
    assert.deepEqual(JSON.parse(readFileSync(file(), 'utf8')), { version: 1, starts: { web: [[4], [], []] } });
  });
});
