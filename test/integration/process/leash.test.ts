import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFamily } from '../../../src/platform/process/family';
import { startLeash, type Leash } from '../../../src/platform/process/leash';
import type { LeashedRun } from '../../../src/platform/process/leashOrders';
import type { Run } from '../../../src/platform/process/types';
import { useBackendRuns } from '../../support/backendRun';
import { hostileProgram } from '../../support/hostileProgram';
import { assertNoProcessWithMarker } from '../../support/leakCheck';
import { processFacts } from '../../support/processFacts';
import { waitUntil } from '../../support/waitUntil';

describe('the leash', function () {
  this.timeout(20_000);
  const leashes: Leash[] = [];

  afterEach(async () => {
    for (const leash of leashes.splice(0)) {
      leash.release();
      await leash.exited;
    }
  });

  const runs = useBackendRuns();
  const up = /^up$/m;
  const file = (name: string): string => join(runs.dir, name);

  /** Without a folder in the ledger nobody can take over: it acts as soon as its input ends. */
  const leash = async (holdMs = 0, records?: string): Promise<Leash> => {
    const started = await startLeash({ records, machine: 'machine' }, runs.clock);
    leashes.push(started);
    await started.send({ kind: 'hold', holdMs });
    return started;
  };

  const leashed = (run: Run, more: Partial<LeashedRun> = {}): { kind: 'run'; run: LeashedRun } => ({
    kind: 'run',
    run: { marker: run.marker, leader: run.identity, signal: 'SIGTERM', graceMs: 5_000, ...more },
  });

  /** What its owner's death looks like to it: the end of its input. */
  const ownerDies = async (dead: Leash): Promise<void> => {
    dead.release();
    await dead.exited;
  };

  it('is a small shell in a session of its own, and has nothing of a run in its environment', async () => {
    const { pid } = await leash();
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    assert.match(status, /^Name:\s+(sh|dash|bash|ash|ksh)$/m);
    assert.equal(/^NSsid:\s+(\d+)/m.exec(status)?.[1], String(pid));
    assert.ok(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) < 6_000, 'kilobytes');
    assert.equal(readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').filter(Boolean).length, 1);
  });

  it('is none where it lacks what it needs to act, and names that', async () => {
    const bare = startLeash({ records: undefined, machine: 'machine' }, runs.clock, '/nonexistent');
    await assert.rejects(bare, /not found: sleep, grep, mv, rm, rmdir, tr$/);
  });

  it('finds its tools where the backends find theirs', async () => {
    const { pid } = await leash();
    const path = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')[0];
    assert.equal(path, `PATH=/usr/bin:/bin:${process.env['PATH'] ?? ''}`);
  });

  it('outlives every signal that can be ignored', async () => {
    const started = await leash();
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGPIPE'] as const)
      process.kill(started.pid, signal);
    await started.send({ kind: 'end', marker: '0'.repeat(32) });
    assert.equal(processFacts(started.pid)?.zombie, false);
  });

  it('does nothing while its owner only says nothing, and forgets what it is told to', async () => {
    const run = await runs.start(hostileProgram('countsTerms.mjs', file('count')));
    await runs.printed(up);
    const started = await leash();
    await started.send(leashed(run));
    await started.send({ kind: 'end', marker: run.marker });
    await ownerDies(started);
    assert.equal(processFacts(run.identity.pid)?.zombie, false);
    assert.equal(existsSync(file('count')), false);
  });

  it('ends groups with one signal each when its owner dies', async () => {
    const [node = '', path = ''] = hostileProgram('countsTerms.mjs');
    const run = await runs.start(`${node} ${path} ${file('a')} & ${node} ${path} ${file('b')} & wait`);
    await runs.printed(/up\nup/);
    const started = await leash();
    await started.send(leashed(run));
    await ownerDies(started);
    await assertNoProcessWithMarker(run.marker, 500);
    assert.deepEqual([readFileSync(file('a'), 'utf8'), readFileSync(file('b'), 'utf8')], ['1', '1']);
  });

  it('sends the signal of the backend', async () => {
    const run = await runs.start(`trap 'echo interrupted; exit 0' INT; echo up; while :; do sleep 0.05; done`);
    await runs.printed(up);
    const started = await leash();
    await started.send(leashed(run, { signal: 'SIGINT' }));
    await ownerDies(started);
    await runs.printed(/interrupted/);
  });

  it('lets a flush finish within the grace', async () => {
    const run = await runs.start(hostileProgram('slowFlush.mjs', file('flush'), '1000'));
    await runs.printed(up);
    const started = await leash();
    await started.send(leashed(run));
    await ownerDies(started);
    assert.equal(readFileSync(file('flush'), 'utf8'), 'flushed');
  });

  it('gives one that may have had its signal already its grace first, and tells it only then', async () => {
    const [told, untold] = [file('told'), file('untold')];
    const one = await runs.start(hostileProgram('slowFlush.mjs', told, '700'));
    await runs.printed(up);
    process.kill(one.identity.pid, 'SIGTERM');
    const two = await runs.start(hostileProgram('countsTerms.mjs', untold));
    await runs.printed(/up\n(.*\n)*up/);
    const started = await leash();
    for (const run of [one, two]) await started.send(leashed(run, { perhapsTold: true, graceMs: 2_000 }));
    const diedAtMs = performance.now();
    await ownerDies(started);
    assert.ok(performance.now() - diedAtMs > 2_000, 'the grace came first');
    assert.deepEqual([readFileSync(told, 'utf8'), readFileSync(untold, 'utf8')], ['flushed', '1']);
  });

  it('kills what ignores the signal when its grace is over, and not before', async () => {
    const run = await runs.start(hostileProgram('ignoresTerm.mjs'));
    await runs.printed(up);
    const started = await leash();
    await started.send(leashed(run, { graceMs: 600 }));
    const atMs = performance.now();
    await ownerDies(started);
    assert.ok(performance.now() - atMs >= 500, 'the grace');
    await assertNoProcessWithMarker(run.marker, 500);
  });

  for (const [what, program] of [
    ['a child in a session of its own', ['setsidChild.mjs']],
    ['a double-fork daemon, whose leader is gone', ['doubleForkDaemon.sh']],
    ['what is left in the group when the leader is gone', ['leavesChild.sh', '0']],
    ['a process that has stopped itself', ['stopsItself.sh']],
    ['a fork storm', ['forkStorm.sh']],
  ] as const) {
    it(`ends ${what}`, async () => {
      const [name, ...args] = program;
      const run = await runs.start(hostileProgram(name, ...args));
      await runs.printed(/./);
      const started = await leash();
      await started.send(leashed(run, { graceMs: 300 }));
      await ownerDies(started);
      await assertNoProcessWithMarker(run.marker, 500);
    });
  }

  it('leaves a build daemon of the keep-list alone that has left the session, and ends what else came of it', async () => {
    const [node = '', path = ''] = hostileProgram('countsTerms.mjs');
    const daemon = (name: string, text: string): string => `setsid ${node} ${path} ${file(name)} '${text}'`;
    const run = await runs.start(
      `${daemon('kept', 'a daemon[*] of $HOME')} & ${daemon('other', 'a daemon of HOME')} & sleep 100`,
    );
    await runs.printed(/up\nup/);
    const started = await leash();
    await started.send(leashed(run, { keep: [' nobody ', '**', '$(touch x)', 'daemon[*] of $HOME', '"; exit'] }));
    await ownerDies(started);
    try {
      assert.equal(readFileSync(file('other'), 'utf8'), '1');
      assert.equal(existsSync(file('kept')), false);
      assert.equal((await listFamily(run)).length, 1);
    } finally {
      await runs.stop(run);
    }
  });

  it('leaves the browser of a person alone, and ends one that a program drives', async () => {
    const [node = '', path = ''] = hostileProgram('countsTerms.mjs');
    symlinkSync(node, file('firefox'));
    const browser = (name: string, text: string): string => `setsid ${file('firefox')} ${path} ${file(name)} ${text}`;
    const run = await runs.start(`${browser('kept', 'http://x')} & ${browser('driven', '--marionette')} & sleep 100`, {
      keep: ['browsers'],
    });
    await runs.printed(/up\nup/);
    const started = await leash();
    await started.send(leashed(run, { keep: ['browsers'] }));
    await ownerDies(started);
    try {
      assert.equal(readFileSync(file('driven'), 'utf8'), '1');
      assert.equal(existsSync(file('kept')), false);
      assert.deepEqual((await runs.stop(run)).kept?.length, 1);
      assert.equal(existsSync(file('kept')), false);
    } finally {
      await runs.stop(run, { keep: [] });
    }
  });

  it('spares nobody of the keep-list who stayed in the session of the run', async () => {
    const [node = '', path = ''] = hostileProgram('countsTerms.mjs');
    const run = await runs.start(`${node} ${path} ${file('count')} my-daemon & wait`);
    await runs.printed(up);
    const started = await leash();
    await started.send(leashed(run, { keep: ['my-daemon'] }));
    await ownerDies(started);
    await assertNoProcessWithMarker(run.marker, 500);
  });

  it('finds by its marker a run whose start was never completed', async () => {
    const run = await runs.start(hostileProgram('neverListens.mjs'));
    const started = await leash();
    await started.send(leashed(run, { leader: undefined }));
    await ownerDies(started);
    await assertNoProcessWithMarker(run.marker, 500);
  });

  it('never touches a process that has got the number of a dead leader', async () => {
    const innocent = await runs.start(hostileProgram('countsTerms.mjs', file('count')));
    await runs.printed(up);
    const started = await leash();
    const leader = { pid: innocent.identity.pid, startTime: String(Number(innocent.identity.startTime) - 1) };
    await started.send(leashed(innocent, { marker: 'f'.repeat(32), leader, graceMs: 0 }));
    await started.send(leashed(innocent, { marker: 'e'.repeat(32), leader: { pid: 1, startTime: '1' }, graceMs: 0 }));
    await ownerDies(started);
    assert.equal(existsSync(file('count')), false);
    assert.equal(processFacts(innocent.identity.pid)?.zombie, false);
  });

  describe('waits for a new owner', () => {
    const ledger = (): string => {
      const records = file('runs/machine.1.1.first');
      mkdirSync(records, { recursive: true });
      return records;
    };

    it('and leaves everything to one that renames the folder', async () => {
      const run = await runs.start(hostileProgram('countsTerms.mjs', file('count')));
      await runs.printed(up);
      const records = ledger();
      writeFileSync(join(records, `${run.marker}.json`), '{}');
      const started = await leash(10_000, records);
      await started.send(leashed(run));
      started.release();
      renameSync(records, file('runs/machine.2.2.second'));
      await started.exited;
      assert.equal(existsSync(file('count')), false);
      assert.equal(processFacts(run.identity.pid)?.zombie, false);
    });

    it('but ends what the folder that was taken does not speak of', async () => {
      const run = await runs.start(hostileProgram('neverListens.mjs'));
      const records = ledger();
      const started = await leash(10_000, records);
      await started.send(leashed(run));
      started.release();
      renameSync(records, file('runs/machine.2.2.second'));
      await started.exited;
      await assertNoProcessWithMarker(run.marker, 500);
    });

    it('but keeps the record of what it was never told of, and forgets what it ended and what is asleep', async () => {
      const run = await runs.start(hostileProgram('neverListens.mjs'));
      const records = ledger();
      const [unknown, asleep] = ['b'.repeat(32), 'c'.repeat(32)];
      for (const marker of [run.marker, unknown]) writeFileSync(join(records, `${marker}.json`), '{"launch":{}}');
      writeFileSync(join(records, `${asleep}.json`), '{"launch":{},"asleep":{"atMs":1}}');
      const started = await leash(0, records);
      await started.send(leashed(run));
      await ownerDies(started);
      await assertNoProcessWithMarker(run.marker, 500);
      const [taken = '', ...others] = readdirSync(file('runs'));
      assert.deepEqual(others, []);
      assert.match(taken, /\.leash$/);
      assert.deepEqual(readdirSync(join(file('runs'), taken)), [`${unknown}.json`]);
    });

    it('and acts when nobody has come, once, under its own name', async () => {
      const run = await runs.start(hostileProgram('slowFlush.mjs', file('flush'), '300'));
      await runs.printed(up);
      const records = ledger();
      writeFileSync(join(records, `${run.marker}.json`), '{}');
      const started = await leash(400, records);
      await started.send(leashed(run));
      started.release();
      await waitUntil('it takes the folder', () => !existsSync(records));
      await started.exited;
      assert.equal(readFileSync(file('flush'), 'utf8'), 'flushed');
      assert.equal(existsSync(file('runs')), true);
      assert.throws(() => renameSync(records, file('runs/late')));
      await assertNoProcessWithMarker(run.marker, 500);
    });
  });
});
