import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isAlive } from '../support/brokerHarness';
import { failsWith } from '../support/failsWith';
import { idleBackend, useFaultScenario } from '../support/faultScenario';
import { hostileProgram } from '../support/hostileProgram';
import { forbidProcesses } from '../support/processLimit';
import { waitUntil } from '../support/waitUntil';

describe('faults: nothing is left to work with', function () {
  this.timeout(60_000);
  let mounted: string | undefined;

  afterEach(() => {
    if (mounted !== undefined) spawnSync('umount', ['-l', mounted]);
    mounted = undefined;
  });

  const scenario = useFaultScenario();

  it('no descriptors in the broker: a start says so, what runs goes on, and all is well when there are some again', async () => {
    const s = scenario();
    const [pid] = await s.startIdle(1);
    const broker = String(s.broker.brokerPid);
    await s.broker.declare({ idle0: idleBackend, late: idleBackend });
    spawnSync('prlimit', ['--pid', broker, '--nofile=24:4096']);
    await assert.rejects(s.broker.start('late'), failsWith('spawnFailed'));
    assert.equal(s.broker.view('idle0').pid, pid);
    assert.equal(s.broker.view('idle0').state, 'ready');
    spawnSync('prlimit', ['--pid', broker, '--nofile=4096:4096']);
    assert.equal((await s.broker.start('late')).state, 'ready');
  });

  it('no processes for the broker: a start says so, a stop is done all the same, and all is well when there are some again', async () => {
    const s = scenario();
    const [pid = 0] = await s.startIdle(1);
    await s.broker.declare({ idle0: idleBackend, late: idleBackend });
    const limit = forbidProcesses(s.broker.brokerPid ?? 0);
    // Not everybody may set one.
    if (limit === undefined) return;
    try {
      await assert.rejects(s.broker.start('late'), failsWith('spawnFailed'));
      assert.equal(s.broker.view('idle0').state, 'ready');
      assert.equal((await s.broker.stop('idle0')).state, 'stopped');
      assert.equal(isAlive(pid), false);
    } finally {
      limit.end();
    }
    assert.equal((await s.broker.start('late')).state, 'ready');
  });

  it('no time, as when the computer sleeps: nothing is touched, and a countdown begins anew', async () => {
    const s = scenario();
    const idleTimeout = '4s';
    await s.broker.declare({ idle0: { ...idleBackend, idleTimeout } });
    const { pid = 0 } = await s.broker.start('idle0');
    const all = [s.broker.brokerPid ?? 0, await s.leashPid(), pid];
    for (const each of all) process.kill(each, 'SIGSTOP');
    const stoppedAtMs = performance.now();
    await waitUntil('its idle timeout to pass', () => performance.now() - stoppedAtMs > 5_000);
    const resumedAt = Date.now();
    for (const each of all.reverse()) process.kill(each, 'SIGCONT');
    assert.equal((await s.broker.start('idle0')).pid, pid);
    const { stateSince } = await s.broker.waitFor('idle0', 'quiesced');
    assert.ok(stateSince - resumedAt > 3_000, `asleep after ${stateSince - resumedAt} ms`);
  });

  const mountTmpfs = (folder: string, options: string): void => {
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder]);
    assert.equal(mount.status, 0, String(mount.stderr));
    mounted = folder;
  };

  // Only root may mount.
  if (process.getuid?.() === 0) {
    it('no space for the state: backends start, log what fits, stop, and nothing is said in a dialog', async () => {
      const s = scenario();
      const { stateDir } = s.broker;
      mountTmpfs(stateDir, 'size=128k,mode=700');
      await s.broker.declare({
        idle: idleBackend,
        chatty: { command: hostileProgram('printsForever.mjs'), ready: 'none' },
      });
      const { pid } = await s.broker.start('idle');
      fill(join(stateDir, 'full'));
      const chatty = await s.broker.start('chatty');
      assert.equal(chatty.state, 'ready');
      assert.equal(isAlive(chatty.pid ?? 0), true);
      assert.equal((await s.broker.stop('chatty')).state, 'stopped');
      assert.equal((await s.broker.stop('idle')).state, 'stopped');
      assert.equal(isAlive(pid ?? 0), false);
      for (const client of [s.broker.link]) client.dispose();
      await s.nothingLeft();
    });

    it('no right to write, as on a read-only home: a start says so, and all is well when there is one', async () => {
      const s = scenario();
      const { stateDir } = s.broker;
      mountTmpfs(stateDir, 'size=1m,mode=700,ro');
      await s.broker.declare({ idle0: idleBackend });
      await assert.rejects(s.broker.start('idle0'), failsWith('brokerUnavailable', /cannot be made: EROFS/));
      spawnSync('mount', ['-o', 'remount,rw', stateDir]);
      assert.equal((await s.broker.start('idle0')).state, 'ready');
    });

    it('no space for the output: the backend goes on, and its log has what came before and what comes when there is some', async () => {
      const s = scenario();
      const logs = join(s.broker.stateDir, 'logs');
      mkdirSync(logs, { mode: 0o700 });
      mountTmpfs(logs, 'size=1m,mode=700');
      const filler = join(logs, 'filler');
      writeFileSync(filler, Buffer.alloc(600 * 1024));
      const print = (lines: number): string => [...hostileProgram('printsForever.mjs'), lines].join(' ');
      const text = `${print(30_000)}; : >printed; while [ ! -e go ]; do sleep 0.05; done; ${print(5_000)}; exec sleep 100`;
      await s.broker.declare({ loud: { command: text, ready: 'none' } });
      const { pid = 0 } = await s.broker.start('loud');
      await waitUntil('all to be printed', () => existsSync(join(s.broker.folder, 'printed')));
      rmSync(filler);
      writeFileSync(join(s.broker.folder, 'go'), '');
      const parts = await waitUntil('the last line', () => {
        const log = s.broker.logOf('loud');
        return log.endsWith(`line 0000005000 ${'x'.repeat(80)}\n`) ? log.split('output is missing here') : undefined;
      });
      assert.ok(parts.length > 1, 'it is told that some is missing');
      const kept = lineNumbers(parts[0]);
      assert.ok(kept.length > 1_000, `${kept.length} lines before`);
      assert.ok(kept.every((number, index) => number === index + 1));
      // The rest of what was in the pipe, and what was printed since.
      const later = lineNumbers(parts.at(-1)).filter((number) => number <= 5_000);
      assert.ok(later.every((number, index) => number === (later[0] ?? 0) + index));
      assert.equal(isAlive(pid), true);
      assert.equal((await s.broker.stop('loud')).state, 'stopped');
    });
  }

  it('no window any more, killed with the broker inside it: its backends are ended at once', async () => {
    const s = scenario();
    const host = spawn(process.execPath, [join(__dirname, 'inProcessHostMain.js')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(host.stdout), 'line')) as [string];
    const { pid, root } = JSON.parse(line) as { pid: number; root: string };
    assert.equal(isAlive(pid), true);
    host.kill('SIGKILL');
    await waitUntil('the backend to be gone', () => !isAlive(pid), 20_000);
    await s.nothingLeft();
    rmSync(root, { recursive: true, force: true });
  });

  it('no programs but the broker: SIGTERM to it stops everything, and the window says that it went on purpose', async () => {
    const s = scenario();
    const [pid] = await s.startIdle(1);
    const states: string[] = [];
    s.broker.link.onDidChangeState(({ state, reason }) => states.push(`${state} ${reason ?? ''}`));
    process.kill(s.broker.brokerPid ?? 0, 'SIGTERM');
    await waitUntil('the link to be idle', () => s.broker.link.state === 'idle');
    assert.match(states.at(-1) ?? '', /SIGTERM/);
    assert.equal(isAlive(pid ?? 0), false);
    await s.nothingLeft();
  });
});

function lineNumbers(log = ''): number[] {
  return [...log.matchAll(/^line (\d{10}) x{80}$/gm)].map(([, number]) => Number(number));
}

/** Writes until there is no room for another byte. */
function fill(file: string): void {
  let size = 64 * 1024;
  let written = 0;
  while (size >= 1) {
    try {
      writeFileSync(`${file}${written}`, Buffer.alloc(size));
      written++;
    } catch {
      size = Math.floor(size / 2);
    }
    if (written > 200) return;
  }
}
