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
  readonly isTaken?: (port: number) => Promise<boolean>;
  /** Resolves when the server on this port of 127.0.0.1 counts as ready; rejects when the waiter gives up. */
  readonly wait: (port: number, timeoutMs: number) => Promise<void>;
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

export function peers({ waitOn, waitPort, tcpPortUsed }: PeerPackages): readonly Waiter[] {
  const url = (port: number): string => `127.0.0.1:${port}/`;
  return [
    {
      name: 'wait-on',
      packageName: 'wait-on',
      wait: (port, timeout) => waitOn({ resources: [`http-get://${url(port)}`], timeout }),
    },
    {
      name: 'wait-port',
      packageName: 'wait-port',
      wait: async (port, timeout) => {
        const options = { host: '127.0.0.1', port, protocol: 'http', path: '/', output: 'silent', timeout };
        if (!(await waitPort(options)).open) throw new Error('not open');
      },
    },
    {
      // What start-server-and-test does: wait-on, asked every 2 s.
      name: 'start-server-and-test',
      wait: (port, timeout) => waitOn({ resources: [`http://${url(port)}`], interval: 2_000, timeout }),
    },
    {
      name: 'tcp-port-used',
      packageName: 'tcp-port-used',
      wait: (port, timeout) => tcpPortUsed.waitUntilUsedOnHost(port, '127.0.0.1', 250, timeout),
    },
    {
      name: 'Playwright webServer',
      isTaken: (port) => answers(port, (status) => status <= 403),
      wait: (port, timeout) => poll(timeout, [100, 250, 500, 1_000], () => answers(port, (status) => status <= 403)),
    },
    { name: 'testcontainers port', wait: (port, timeout) => poll(timeout, [100], () => accepts(port)) },
    { name: 'every 50 ms', wait: (port, timeout) => poll(timeout, [50], () => answers(port)) },
    {
      name: 'bare schedule',
      wait: (port, timeout) => poll(timeout, spawnWaitBackoffSequenceMs, () => answers(port)),
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

function answers(port: number, isAnswer = (status: number): boolean => status < 400): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/', agent: false, timeout: 1_000 }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && isAnswer(status));
    });
    asked.on('error', () => resolve(false));
    asked.on('timeout', () => asked.destroy(new Error('timed out')));
    asked.end();
  });
}
