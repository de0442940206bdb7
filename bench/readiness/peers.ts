/** How others wait until a server is ready: their own code from npm, or their algorithm where it is no library. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accepts } from '../../test/support/accepts';
import { repositoryRoot } from '../../test/support/repositoryRoot';
import { spawnWaitBackoffSequenceMs } from '../../src/model/spawnWait';

export interface Waiter {
  readonly name: string;
  /** Where its code comes from npm. */
  readonly packageName?: string;
  /** Looked at before the server is started: it refuses to when somebody answers already. */
  readonly isTaken?: (port: number, host?: string) => Promise<boolean>;
  /** Resolves when the server counts as ready; rejects when the waiter gives up. Default of the host: 127.0.0.1. */
  readonly wait: (port: number, timeoutMs: number, host?: string) => Promise<void>;
  /** The same for a server that speaks another protocol than HTTP; absent where the waiter knows only that. */
  readonly waitForPort?: (port: number, timeoutMs: number) => Promise<void>;
}

interface PeerPackages {
  readonly waitOn: (options: object) => Promise<void>;
  readonly waitPort: (options: object) => Promise<{ readonly open: boolean }>;
  readonly tcpPortUsed: {
    waitUntilUsedOnHost(port: number, host: string, retryMs: number, timeoutMs: number): Promise<void>;
  };
}

/** Installs the packages of the peers once, below the folder of the results. */
export function installPeers(results: string): PeerPackages {
  const folder = join(results, 'readiness-peers');
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(repositoryRoot, 'bench', 'readiness', 'package.json'), join(folder, 'package.json'));
  if (!existsSync(join(folder, 'node_modules', 'wait-on'))) {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' });
  }
  const load = createRequire(join(folder, 'package.json'));
  return {
    waitOn: load('wait-on') as PeerPackages['waitOn'],
    waitPort: load('wait-port') as PeerPackages['waitPort'],
    tcpPortUsed: load('tcp-port-used') as PeerPackages['tcpPortUsed'],
  };
}

const ownHost = '127.0.0.1';
const schedules = { playwright: [100, 250, 500, 1_000], testcontainers: [100], fixed: [50] } as const;
const upTo403 = (status: number): boolean => status <= 403;

export function peers({ waitOn, waitPort, tcpPortUsed }: PeerPackages): readonly Waiter[] {
  const waitForOpenPort = async (port: number, timeout: number, options: object): Promise<void> => {
    if (!(await waitPort({ host: ownHost, port, output: 'silent', timeout, ...options })).open)
      throw new Error('not open');
  };
  const tcpPortUsedWait = (port: number, timeout: number, host = ownHost): Promise<void> =>
    tcpPortUsed.waitUntilUsedOnHost(port, host, 250, timeout);
  return [
    {
      name: 'wait-on',
      packageName: 'wait-on',
      wait: (port, timeout, host = ownHost) => waitOn({ resources: [`http-get://${host}:${port}/`], timeout }),
      waitForPort: (port, timeout) => waitOn({ resources: [`tcp:${ownHost}:${port}`], timeout }),
    },
    {
      name: 'wait-port',
      packageName: 'wait-port',
      wait: (port, timeout, host = ownHost) => waitForOpenPort(port, timeout, { host, protocol: 'http', path: '/' }),
      waitForPort: (port, timeout) => waitForOpenPort(port, timeout, {}),
    },
    {
      // What start-server-and-test does: wait-on, asked every 2 s.
      name: 'start-server-and-test',
      wait: (port, timeout, host = ownHost) =>
        waitOn({ resources: [`http://${host}:${port}/`], interval: 2_000, timeout }),
    },
    { name: 'tcp-port-used', packageName: 'tcp-port-used', wait: tcpPortUsedWait, waitForPort: tcpPortUsedWait },
    {
      name: 'Playwright webServer',
      isTaken: (port, host) => answers(port, host, upTo403),
      wait: (port, timeout, host) => poll(timeout, schedules.playwright, () => answers(port, host, upTo403)),
      waitForPort: (port, timeout) => poll(timeout, schedules.playwright, () => accepts(port)),
    },
    {
      name: 'testcontainers port',
      wait: (port, timeout, host) => poll(timeout, schedules.testcontainers, () => accepts(port, host)),
      waitForPort: (port, timeout) => poll(timeout, schedules.testcontainers, () => accepts(port)),
    },
    {
      name: 'every 50 ms',
      wait: (port, timeout, host) => poll(timeout, schedules.fixed, () => answers(port, host)),
      waitForPort: (port, timeout) => poll(timeout, schedules.fixed, () => accepts(port)),
    },
    {
      name: 'bare schedule',
      wait: (port, timeout, host) => poll(timeout, spawnWaitBackoffSequenceMs, () => answers(port, host)),
      waitForPort: (port, timeout) => poll(timeout, spawnWaitBackoffSequenceMs, () => accepts(port)),
    },
  ];
}

/** Looks, and pauses as told; the last pause repeats. */
async function poll(timeoutMs: number, pausesMs: readonly number[], look: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  for (let attempt = 0; performance.now() < endMs; attempt++) {
    if (await look()) return;
    await sleep(pausesMs[attempt] ?? pausesMs.at(-1));
  }
  throw new Error('timed out');
}

function answers(port: number, host = ownHost, isAnswer = (status: number): boolean => status < 400): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host, port, path: '/', agent: false, timeout: 1_000 }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && isAnswer(status));
    });
    asked.on('error', () => resolve(false));
    asked.on('timeout', () => asked.destroy(new Error('timed out')));
    asked.end();
  });
}
