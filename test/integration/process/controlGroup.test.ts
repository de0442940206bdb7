import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { doorOf, groupMembers, groupPlace } from '../../../src/platform/process/controlGroup';
import { listFamily } from '../../../src/platform/process/family';
import { startLeash } from '../../../src/platform/process/leash';
import { LinuxProcTable } from '../../../src/platform/process/linuxProcTable';
import { newMarker } from '../../../src/platform/process/runMarker';
import { stopRun } from '../../../src/platform/process/stopRun';
import type { ProcessStat, Run } from '../../../src/platform/process/types';
import { useBackendRuns } from '../../support/backendRun';
import { hostileProgram } from '../../support/hostileProgram';
import { processFacts } from '../../support/processFacts';
import { waitUntil } from '../../support/waitUntil';

const place = groupPlace(newMarker());

if (place.kind === 'none') {
  describe('a machine on which no control group can be made', () => {
    it('says why, in words', () => assert.match(place.why, /control group|cgroup/));
  });
} else {
  describe('a run in a control group of its own', function () {
    this.timeout(20_000);
    const runs = useBackendRuns();

    const newPlace = (): { marker: string; group: string } => {
      const marker = newMarker();
      const there = groupPlace(marker);
      return { marker, group: there.kind === 'place' ? there.path : assert.fail(there.why) };
    };
    const start = (argv: readonly string[]): Promise<Run> => runs.start(argv, newPlace());
    const groupOf = ({ group }: Run): string => group ?? assert.fail('it has no group');
    const daemonOf = async (run: Run): Promise<number> => {
      await runs.printed(/^up$/m);
      return waitUntil('the daemon', () => groupMembers(groupOf(run)).find((pid) => pid !== run.identity.pid));
    };
    const isGone = (pid: number): boolean => processFacts(pid)?.zombie ?? true;
    const leashed = async (run: Run, graceMs: number, keep: readonly string[] = []): Promise<void> => {
      const leash = await startLeash({ records: undefined, machine: 'machine' }, runs.clock);
      await leash.send({ kind: 'hold', holdMs: 0 });
      const { marker, identity: leader } = run;
      await leash.send({ kind: 'run', run: { marker, leader, signal: 'SIGTERM', graceMs, group: groupOf(run), keep } });
      leash.release();
      await leash.exited;
    };
    const count = (): string => join(runs.dir, 'count');
    const escapes = (leader: 'stays' | 'goes'): string[] =>
      hostileProgram('escapes.sh', count(), leader, process.execPath);

    it('is in there before it starts anything, with the pid and the arguments that it would have', async () => {
      const run = await start(['sh', '-c', 'echo "I am $$ in $(grep ^0:: /proc/self/cgroup)"; exec sleep 100']);
      const [, pid, group = ''] = await runs.printed(/^I am (\d+) in 0::(.*)$/m);
      assert.equal(Number(pid), run.identity.pid);
      assert.ok(groupOf(run).endsWith(group), group);
      assert.equal(readFileSync(`/proc/${run.identity.pid}/cmdline`, 'latin1'), 'sleep\x00100\x00');
      await runs.stop(run);
      assert.equal(existsSync(groupOf(run)), false);
    });

    it('takes along, with one SIGTERM, a daemon that nothing else still knows', async () => {
      const run = await start(escapes('stays'));
      const daemon = await daemonOf(run);
      assert.deepEqual(new Set((await listFamily(run)).map(({ pid }) => pid)), new Set([run.identity.pid, daemon]));
      assert.deepEqual(await runs.stop(run), { forced: false, leftovers: [] });
      assert.equal(readFileSync(count(), 'utf8'), '1');
      assert.ok(isGone(daemon));
      assert.equal(existsSync(groupOf(run)), false);
    });

    it('goes on for as long as such a daemon does', async () => {
      const run = await start(escapes('goes'));
      await run.exited;
      const daemon = await daemonOf(run);
      assert.deepEqual(
        (await listFamily(run)).map(({ pid }) => pid),
        [daemon],
      );
      assert.deepEqual(await runs.stop(run), { forced: false, leftovers: [] });
    });

    it('is killed where a look does not see all who are in it, which is told as forced', async () => {
      const run = await start(escapes('stays'));
      const daemon = await daemonOf(run);
      const table = new (class extends LinuxProcTable {
        override async stats(): Promise<readonly ProcessStat[]> {
          return (await super.stats()).filter(({ pid }) => pid !== daemon);
        }
      })();
      const result = await stopRun(run, { signal: 'SIGTERM', graceMs: 5_000 }, runs.clock, table);
      assert.deepEqual(result, { forced: true, leftovers: [] });
      assert.ok(isGone(daemon));
      assert.equal(existsSync(groupOf(run)), false);
    });

    it('spares nobody of the keep-list', async () => {
      const run = await start(escapes('stays'));
      const daemon = await daemonOf(run);
      assert.deepEqual(await runs.stop(run, { keep: ['countsTerms'] }), { forced: false, leftovers: [] });
      assert.ok(isGone(daemon));
    });

    it('is killed as a whole at the end of the grace, however fast it forks and moves', async () => {
      const run = await start(hostileProgram('sessionRelay.sh', '400'));
      await runs.printed(/^up$/m);
      assert.deepEqual((await runs.stop(run, { graceMs: 100 })).leftovers, []);
      assert.equal(existsSync(groupOf(run)), false);
    });

    it('may make groups of its own inside, which go with it', async () => {
      const inner =
        'inner=$(dirname "$0")/inner; mkdir "$inner" && (echo 0 >"$inner/cgroup.procs"; exec sleep 100) & echo up; wait';
      const { marker, group } = newPlace();
      const run = await runs.start(['/bin/sh', '-c', inner, doorOf(group)], { marker, group });
      await waitUntil(
        'the inner group',
        () => existsSync(join(group, 'inner')) && groupMembers(join(group, 'inner')).length > 0,
      );
      assert.deepEqual(await runs.stop(run), { forced: false, leftovers: [] });
      assert.equal(existsSync(group), false);
    });

    it('may make a threaded group inside, whose members the kernel does not name', async () => {
      const inner =
        'inner=$(dirname "$0")/inner; mkdir "$inner" && echo threaded >"$inner/cgroup.type" && echo up; exec sleep 100';
      const { marker, group } = newPlace();
      const run = await runs.start(['/bin/sh', '-c', inner, doorOf(group)], { marker, group });
      await runs.printed(/^up$/m);
      assert.deepEqual(groupMembers(group), [run.identity.pid]);
      assert.deepEqual(await runs.stop(run), { forced: false, leftovers: [] });
      assert.equal(existsSync(group), false);
    });

    it('is not stopped while somebody holds it whom nothing names, and says so', async () => {
      const inner = 'inner=$(dirname "$0")/inner; mkdir "$inner" && echo threaded >"$inner/cgroup.type"; ';
      const enters = 'echo $$ >"$inner/cgroup.threads" && echo up; exec sleep 100';
      const { marker, group } = newPlace();
      const holder = await runs.start(['/bin/sh', '-c', `${inner}${enters}`, doorOf(group)], { marker, group });
      await runs.printed(/^up$/m);
      const other = await runs.start(['true']);
      await other.exited;
      const { leftovers } = await runs.stop({ ...other, exitStatus: {}, group: join(group, 'inner') });
      assert.match(leftovers.map(({ pid, command }) => `${pid} ${command}`).join(), /^0 somebody in .* does not name$/);
      assert.deepEqual((await runs.stop(holder)).leftovers, []);
      assert.equal(existsSync(group), false);
    });

    it('leaves no group when it cannot be started', async () => {
      const { marker, group } = newPlace();
      await runs.problem(['/nonexistent/program'], { marker, group });
      assert.equal(existsSync(group), false);
    });

    it('is ended by the leash in the same way, and its group removed', async () => {
      const run = await start(escapes('stays'));
      const daemon = await daemonOf(run);
      await leashed(run, 5_000);
      assert.equal(readFileSync(count(), 'utf8'), '1');
      assert.ok(isGone(daemon));
      assert.equal(existsSync(groupOf(run)), false);
    });

    it('is ended by the leash however deep inside it somebody has moved, and removed', async () => {
      const hides =
        'deep=$(dirname "$0")/a/.b/c/d; mkdir -p "$deep"; echo 0 >"$deep/cgroup.procs"; trap "" TERM; echo "deep $$"; exec sleep 100';
      const { marker, group } = newPlace();
      const deep = ['env', '-i', '/usr/bin/setsid', '/bin/sh', '-c', `PATH=/usr/bin:/bin; ${hides}`, doorOf(group)];
      const run = await runs.start(['/bin/sh', '-c', '"$@" & exec sleep 100', 'sh', ...deep], { marker, group });
      const [, pid] = await runs.printed(/^deep (\d+)$/m);
      await leashed(run, 200);
      assert.ok(isGone(Number(pid)));
      assert.equal(existsSync(group), false);
    });

    it('is killed by the leash also where its looks pass over somebody who is in it', async () => {
      const run = await start(escapes('stays'));
      const daemon = await daemonOf(run);
      await leashed(run, 200, ['countsTerms']);
      assert.ok(isGone(daemon));
      assert.equal(existsSync(groupOf(run)), false);
    });

    it('is killed by the leash as a whole when it does not react', async () => {
      const run = await start(hostileProgram('sessionRelay.sh', '400'));
      await runs.printed(/^up$/m);
      await leashed(run, 200);
      assert.equal(existsSync(groupOf(run)), false);
    });
  });
}
