/**
 * Scenes in a namespace of process ids of their own; prints what came of it as JSON.
 * `unreaped`: this process is number 1 and waits for no orphan. `recycled`: the number of a dead backend is given anew.
 * `refused`: control groups can only be looked at.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { BrokerHarness, isAlive } from '../support/brokerHarness';
import { idleBackend } from '../support/faultScenario';
import { waitUntil } from '../support/waitUntil';

const numbers = (): string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** State and group from `/proc/PID/stat`. */
function statOf(pid: string): { readonly state: string; readonly group: number } {
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  return { state: fields[0] ?? '', group: Number(fields[2]) };
}

async function unreaped(): Promise<object> {
  const broker = new BrokerHarness();
  const command = ['/bin/sh', '-c', 'sleep 100 & sleep 100 & sleep 100 & echo up; wait'];
  await broker.declare({ api: { command, ready: { log: 'up' } } });
  const { pid } = await broker.start('api');
  const beganMs = performance.now();
  const { state } = await broker.stop('api');
  const tookMs = performance.now() - beganMs;
  const zombies = numbers()
    .map(statOf)
    .filter((stat) => stat.group === pid && stat.state === 'Z').length;
  const again = (await broker.start('api')).state;
  await broker.stop('api');
  await end(broker);
  return { state, tookMs, zombies, again };
}

async function recycled(): Promise<object> {
  const broker = new BrokerHarness({ reconnectGraceMs: 3_000 });
  await broker.declare({ idle: idleBackend });
  const { pid = 0 } = await broker.start('idle');
  const window = broker.window();
  broker.link.dispose();
  const leash = numbers().find((other) => read(`/proc/${other}/cmdline`).includes('local-backends-leash'));
  process.kill(broker.brokerPid ?? 0, 'SIGKILL');
  process.kill(Number(leash), 'SIGKILL');
  process.kill(-pid, 'SIGKILL');
  await waitUntil('the number to be free', () => !numbers().includes(String(pid)));
  const innocent = startWithPid(pid);
  await window.declare({ idle: idleBackend });
  const started = await window.start('idle');
  await window.stop('idle');
  const lives = innocent !== undefined && isAlive(innocent);
  await end(broker);
  return { hasNumber: innocent === pid, startedAnother: started.pid !== pid, lives, livesOn: isAlive(pid) };
}

async function refused(): Promise<object> {
  const broker = new BrokerHarness();
  await broker.declare({ idle: { ...idleBackend, stop: { strict: true } } });
  const { state, notStrict } = await broker.start('idle');
  const { state: after } = await broker.stop('idle');
  await end(broker);
  return { state, notStrict, after };
}

/** The grace is for windows that come back. */
async function end(broker: BrokerHarness): Promise<void> {
  for (const pid of broker.brokerPids.filter(isAlive)) process.kill(pid, 'SIGTERM');
  await broker.dispose();
}

/** Leader of a group and a session of its own, as the backend was. */
function startWithPid(pid: number): number | undefined {
  for (let attempt = 0; attempt < 50; attempt++) {
    writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
    const innocent = spawn('/bin/sleep', ['100'], { detached: true, stdio: 'ignore' });
    if (innocent.pid === pid) return pid;
    innocent.kill('SIGKILL');
  }
  return undefined;
}

const scenes: Readonly<Record<string, () => Promise<object>>> = { unreaped, recycled, refused };
const scene = scenes[process.argv[2] ?? ''] ?? (() => Promise.reject(new Error('no such scene')));
void scene().then(
  (seen) => {
    process.stdout.write(`${JSON.stringify(seen)}\n`);
    process.exit(0);
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
