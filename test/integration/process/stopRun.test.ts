import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFamilies, listFamily } from '../../../src/platform/process/family';
import { useBackendRuns } from '../../support/backendRun';
import { hostileProgram } from '../../support/hostileProgram';
import { assertNoProcessWithMarker, processesWith } from '../../support/leakCheck';
import { processFacts } from '../../support/processFacts';
import { waitUntil } from '../../support/waitUntil';

describe('stopRun', function () {
  this.timeout(20_000);
  const runs = useBackendRuns();

  const up = /^up$/m;
  const file = (name: string): string => join(runs.dir, name);

  it('ends a process that listens to SIGTERM, without force, and shows its exit status', async () => {
    const run = await runs.start(hostileProgram('neverListens.mjs'));
    assert.deepEqual(await runs.stop(run), { forced: false, leftovers: [] });
    assert.deepEqual(run.exitStatus, { signal: 'SIGTERM' });
    await assertNoProcessWithMarker(run.marker, 500);
  });

  it('sends SIGTERM exactly once to each process of the group', async () => {
    const [node = '', path = ''] = hostileProgram('countsTerms.mjs');
    const run = await runs.start(`${node} ${path} ${file('a')} & ${node} ${path} ${file('b')} & wait`);
    await runs.printed(/up\nup/);
    assert.equal((await runs.stop(run)).forced, false);
    assert.deepEqual([readFileSync(file('a'), 'utf8'), readFileSync(file('b'), 'utf8')], ['1', '1']);
  });

  it('sends SIGTERM exactly once to a process in a session of its own', async () => {
    const [node = '', path = ''] = hostileProgram('countsTerms.mjs');
    const run = await runs.start(`setsid ${node} ${path} ${file('count')} & sleep 100`);
    await runs.printed(up);
    assert.deepEqual(await runs.stop(run), { forced: false, leftovers: [] });
    assert.equal(readFileSync(file('count'), 'utf8'), '1');
  });

  it('lets a slow flush finish within the grace', async () => {
    const run = await runs.start(hostileProgram('slowFlush.mjs', file('flush'), '1000'));
    await runs.printed(up);
    assert.deepEqual(await runs.stop(run, { graceMs: 5_000 }), { forced: false, leftovers: [] });
    assert.equal(readFileSync(file('flush'), 'utf8'), 'flushed');
  });

  it('does not tell one again that may have had its signal, while its grace lasts', async () => {
    const run = await runs.start(hostileProgram('slowFlush.mjs', file('flush'), '1000'));
    await runs.printed(up);
    process.kill(run.identity.pid, 'SIGTERM');
    assert.deepEqual(await runs.stop(run, { perhapsTold: true }), { forced: false, leftovers: [] });
    assert.equal(readFileSync(file('flush'), 'utf8'), 'flushed');
  });

  it('tells one that may have had its signal after the grace, and kills it only after another', async () => {
    const run = await runs.start(hostileProgram('countsTerms.mjs', file('count')));
    await runs.printed(up);
    let told = 0;
    const afterFirstSignal = (): void => void (told += 1);
    const stop = runs.stop(run, { perhapsTold: true, graceMs: 1_500, afterFirstSignal });
    assert.equal((await stop).forced, false);
    assert.equal(readFileSync(file('count'), 'utf8'), '1');
    assert.equal(told, 1);
  });

  it('cuts a flush that is longer than the grace, not before and not much later', async () => {
    const run = await runs.start(hostileProgram('slowFlush.mjs', file('flush'), '3000'));
    await runs.printed(up);
    const startMs = performance.now();
    assert.deepEqual(await runs.stop(run, { graceMs: 500 }), { forced: true, leftovers: [] });
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs >= 500 && tookMs < 2_000, `${tookMs} ms`);
    assert.equal(existsSync(file('flush')), false);
  });

  it('kills a process that ignores SIGTERM when the grace is over', async () => {
    const run = await runs.start(hostileProgram('ignoresTerm.mjs'));
    await runs.printed(up);
    assert.deepEqual(await runs.stop(run, { graceMs: 100 }), { forced: true, leftovers: [] });
    assert.deepEqual(run.exitStatus, { signal: 'SIGKILL' });
  });

  it('kills at once with a grace of zero', async () => {
    const run = await runs.start(hostileProgram('ignoresTerm.mjs'));
    await runs.printed(up);
    assert.equal((await runs.stop(run, { graceMs: 0 })).forced, true);
  });

  it('ends a process that has stopped itself', async () => {
    const run = await runs.start(hostileProgram('stopsItself.sh'));
    await waitUntil('it is stopped', async () => (await listFamily(run)).some((member) => member.state === 'T'));
    assert.deepEqual(await runs.stop(run), { forced: false, leftovers: [] });
  });

  it('finds what is left in the group when the leader is already gone', async () => {
    const run = await runs.start(hostileProgram('leavesChild.sh', '0'));
    await run.exited;
    assert.equal(processesWith(run.marker).length > 0, true);
    assert.deepEqual(await runs.stop(run), { forced: false, leftovers: [] });
    await assertNoProcessWithMarker(run.marker, 500);
  });

  it('ends a child that has a session of its own', async () => {
    const run = await runs.start(hostileProgram('setsidChild.mjs'));
    await runs.printed(/child \d+/);
    assert.deepEqual(await runs.stop(run), { forced: false, leftovers: [] });
    await assertNoProcessWithMarker(run.marker, 500);
  });

  it('ends a double-fork daemon by its marker', async () => {
    const run = await runs.start(hostileProgram('doubleForkDaemon.sh'));
    await run.exited;
    const pid = Number((await runs.printed(/daemon (\d+)/))[1]);
    assert.deepEqual(
      (await listFamily(run)).map((member) => member.pid),
      [pid],
    );
    assert.deepEqual(await runs.stop(run), { forced: false, leftovers: [] });
    await assertNoProcessWithMarker(run.marker, 500);
  });

  it('ends a job of a shell with job control, which has a group of its own', async () => {
    const run = await runs.start(['bash', '-c', 'set -m; sleep 100 & echo up; wait']);
    await runs.printed(up);
    assert.deepEqual(await runs.stop(run), { forced: false, leftovers: [] });
    await assertNoProcessWithMarker(run.marker, 500);
  });

  it('still knows a child without marker, session and parent, because it was seen with its parent', async () => {
    const command = `env -i setsid sleep 100 & echo up; wait`;
    const run = await runs.start(command);
    const sleeper = await waitUntil('the child is seen', async () =>
      (await listFamily(run)).find((member) => member.command === 'sleep 100'),
    );
    process.kill(run.identity.pid, 'SIGKILL');
    await run.exited;
    assert.deepEqual(
      (await listFamily(run)).map((member) => member.pid),
      [sleeper.pid],
    );
    assert.deepEqual(await runs.stop(run), { forced: false, leftovers: [] });
  });

  it('ends a fork storm with one SIGKILL to the group', async () => {
    const run = await runs.start(hostileProgram('forkStorm.sh'));
    await runs.printed(up);
    assert.deepEqual(await runs.stop(run, { graceMs: 200 }), { forced: true, leftovers: [] });
    await assertNoProcessWithMarker(run.marker, 500);
  });

  it('catches a runaway that moves to a new session again and again', async () => {
    const run = await runs.start(hostileProgram('sessionRelay.sh', '400'));
    await runs.printed(up);
    assert.deepEqual((await runs.stop(run, { graceMs: 100 })).leftovers, []);
    await assertNoProcessWithMarker(run.marker, 500);
  });

  it('shares one stop among all who ask, and a later one may shorten the grace', async () => {
    const run = await runs.start(hostileProgram('ignoresTerm.mjs'));
    await runs.printed(up);
    let told = 0;
    const patient = runs.stop(run, { graceMs: 60_000, beforeFirstSignal: () => (told += 1) });
    await waitUntil('the first signal', () => told === 1);
    const hasty = runs.stop(run, { graceMs: 50 });
    assert.deepEqual(await Promise.all([patient, hasty]), [
      { forced: true, leftovers: [] },
      { forced: true, leftovers: [] },
    ]);
    assert.equal(told, 1);
  });

  it('tells the point of no return once, before the first signal', async () => {
    const run = await runs.start(hostileProgram('countsTerms.mjs', file('count')));
    await runs.printed(up);
    const seen: boolean[] = [];
    await runs.stop(run, { beforeFirstSignal: () => seen.push(existsSync(file('count'))) });
    assert.deepEqual(seen, [false]);
    assert.equal(readFileSync(file('count'), 'utf8'), '1');
  });

  it('has nothing to do and signals nobody when all are gone', async () => {
    const run = await runs.start(['/bin/true']);
    await run.exited;
    let told = 0;
    assert.deepEqual(await runs.stop(run, { beforeFirstSignal: () => (told += 1) }), { forced: false, leftovers: [] });
    assert.equal(told, 0);
  });

  it('sends the signal it is asked for', async () => {
    const run = await runs.start(`trap 'echo interrupted; exit 0' INT; echo up; while :; do sleep 0.05; done`);
    await runs.printed(up);
    assert.equal((await runs.stop(run, { signal: 'SIGINT' })).forced, false);
    await runs.printed(/interrupted/);
  });

  it('leaves a build daemon in a session of its own running, names it, and ends what else came of it', async () => {
    const daemon = 'org.gradle.launcher.daemon.bootstrap.GradleDaemon';
    const [node = '', path = ''] = hostileProgram('countsTerms.mjs');
    const run = await runs.start(
      `setsid ${node} ${path} ${file('daemon')} ${daemon} & setsid ${node} ${path} ${file('other')} & sleep 100`,
    );
    await runs.printed(/up\nup/);
    const { forced, leftovers, kept = [] } = await runs.stop(run, { keep: ['org.gradle.launcher.daemon'] });
    try {
      assert.deepEqual({ forced, leftovers }, { forced: false, leftovers: [] });
      assert.deepEqual([existsSync(file('daemon')), readFileSync(file('other'), 'utf8')], [false, '1']);
      assert.deepEqual(
        (await listFamily(run)).map((member) => member.pid),
        kept.map((member) => member.pid),
      );
      assert.equal(kept[0]?.command.includes(daemon), true);
    } finally {
      await runs.stop(run);
    }
  });

  it('never touches what a build daemon of the keep-list does for somebody else', async () => {
    const [node = '', path = ''] = hostileProgram('countsTerms.mjs');
    // What a build of another terminal has a daemon start: without the marker, in a session of its own.
    const theirs = `env -u LOCAL_BACKENDS_RUN setsid ${node} ${path} ${file('theirs')}`;
    const daemon = `setsid sh -c '${theirs} & echo $!; wait' my-daemon`;
    const run = await runs.start(`${daemon} & exec ${node} ${path} ${file('ours')}`, { keep: ['my-daemon'] });
    await runs.printed(/up[^]*up/);
    const job = Number((await runs.printed(/^(\d+)$/m))[1]);
    try {
      assert.deepEqual(
        (await listFamily(run)).map((member) => member.pid),
        [run.identity.pid],
      );
      const { forced, leftovers, kept } = await runs.stop(run);
      assert.deepEqual({ forced, leftovers, kept: kept?.length }, { forced: false, leftovers: [], kept: 1 });
      assert.deepEqual([readFileSync(file('ours'), 'utf8'), existsSync(file('theirs'))], ['1', false]);
      assert.equal(processFacts(job)?.zombie, false);
    } finally {
      await runs.stop(run, { keep: [] });
      process.kill(job, 'SIGKILL');
      await waitUntil('it is gone', () => processFacts(job)?.zombie !== false);
    }
  });

  it('does not spare a process of the keep-list that stayed in the session of the run', async () => {
    const [node = '', path = ''] = hostileProgram('countsTerms.mjs');
    const run = await runs.start(`${node} ${path} ${file('count')} my-daemon & wait`);
    await runs.printed(up);
    assert.deepEqual(await runs.stop(run, { keep: ['my-daemon'] }), { forced: false, leftovers: [] });
  });

  it('never touches another run', async () => {
    const one = await runs.start(hostileProgram('neverListens.mjs'));
    const other = await runs.start(hostileProgram('setsidChild.mjs'));
    await runs.printed(/child \d+/);
    await runs.stop(one);
    const [none, family] = await listFamilies([one, other]);
    assert.deepEqual(none, []);
    assert.equal(family?.length, 2);
  });
});
