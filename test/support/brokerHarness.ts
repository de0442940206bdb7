/** A real broker process with a real client, in a state directory and a workspace folder of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseBackendsFile } from '../../src/config/parse';
import { backendKey } from '../../src/model/backendDefinition';
import type { BackendState } from '../../src/model/backendState';
import type { BackendView } from '../../src/model/snapshot';
import { spawnBroker } from '../../src/platform/process/spawnBroker';
import { createSystemClock } from '../../src/platform/systemClock';
import { recordDirectory, stateDirArgument } from '../../src/protocol/brokerPlaces';
import { BrokerLink } from '../../src/protocol/brokerLink';
import { requests, type BrokerSettings, type StartOrigin } from '../../src/protocol/messages';
import { repositoryRoot } from './repositoryRoot';
import { makeTempDir } from './tempDir';
import { rmSync } from 'node:fs';
import { waitUntil } from './waitUntil';

const settings: BrokerSettings = { reconnectGraceMs: 300, defaultIdleTimeoutMs: 900_000, maxConcurrentStarts: 0 };
const brokerScript = join(repositoryRoot, 'out', 'src', 'broker', 'brokerMain.js');

export class BrokerHarness {
  readonly root = makeTempDir();
  readonly stateDir = join(this.root, 'state');
  readonly folder = join(this.root, 'folder');
  readonly link: BrokerLink;
  readonly views = new Map<string, BackendView>();
  brokerPid: number | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly overrides: Partial<BrokerSettings> = {}) {
    mkdirSync(this.folder, { recursive: true });
    mkdirSync(this.stateDir, { mode: 0o700 });
    this.link = this.connect();
    this.link.onBackendsChanged(({ changed, removed }) => {
      for (const view of changed) this.views.set(view.name, view);
      for (const key of removed) this.views.delete(key.slice(key.lastIndexOf('#') + 1));
      for (const listener of [...this.listeners]) listener();
    });
  }

  /** A further client of the same broker, which it starts if it has to. */
  connect(): BrokerLink {
    return new BrokerLink({
      recordDirectory: recordDirectory(this.stateDir),
      buildId: 'test',
      clientName: 'test',
      clock: createSystemClock(),
      logger: { log: () => {} },
      preferInProcess: () => false,
      runInProcess: () => Promise.reject(new Error('not in this test')),
      startBroker: async () => {
        const env = Object.fromEntries(
          Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
        );
        const start = await spawnBroker({
          script: brokerScript,
          args: [stateDirArgument, this.stateDir],
          env,
          outputFile: join(this.root, 'broker-output.log'),
        });
        if (start.kind === 'failed') throw new Error(start.problem.message);
        this.brokerPid = start.pid;
        return { exited: start.exited.then((status) => JSON.stringify(status)) };
      },
    });
  }

  write(file: string, text: string): string {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Declares the folder with these backends, written as in `backends.json`. */
  async declare(backends: Record<string, object>, trusted = true): Promise<void> {
    const { backends: definitions } = parseBackendsFile(JSON.stringify({ backends }), { folderPath: this.folder });
    await this.link.setWorkspace({
      folders: [{ path: this.folder, name: 'folder', trusted, backends: definitions }],
      settings: { ...settings, ...this.overrides },
    });
  }

  key(name: string): string {
    return backendKey(this.folder, name);
  }

  async start(name: string, origin: StartOrigin = 'person'): Promise<BackendView> {
    const environment = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.root,
      LOCAL_BACKENDS_TEST_RUN: process.env['LOCAL_BACKENDS_TEST_RUN'] ?? '',
    };
    return this.link.request(requests.start, { key: this.key(name), origin, environment });
  }

  stop(name: string): Promise<BackendView> {
    return this.link.request(requests.stop, { key: this.key(name), cause: 'stopped by the test' });
  }

  sleepNow(name: string): Promise<BackendView> {
    return this.link.request(requests.sleepNow, { key: this.key(name) });
  }

  view(name: string): BackendView {
    const view = this.views.get(name);
    if (view === undefined) throw new Error(`no view of ${name}`);
    return view;
  }

  async waitFor(
    name: string,
    wanted: BackendState | ((view: BackendView) => boolean),
    timeoutMs = 20_000,
  ): Promise<BackendView> {
    const matches = (view: BackendView): boolean => (typeof wanted === 'string' ? view.state === wanted : wanted(view));
    return waitUntil(
      `${name} to be ${String(wanted)}, is ${JSON.stringify(this.views.get(name))}`,
      () => {
        const view = this.views.get(name);
        return view !== undefined && matches(view) ? view : undefined;
      },
      timeoutMs,
    );
  }

  /** Lets go of the broker, which stops everything and exits by itself. */
  async dispose(): Promise<void> {
    this.link.dispose();
    const pid = this.brokerPid;
    if (pid !== undefined) await waitUntil('the broker to exit', () => !isAlive(pid), 20_000);
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** One broker for each test of the surrounding suite. */
export function useBroker(overrides: Partial<BrokerSettings> = {}): () => BrokerHarness {
  let harness: BrokerHarness | undefined;
  beforeEach(() => {
    harness = new BrokerHarness(overrides);
  });
  afterEach(async () => {
    await harness?.dispose();
    harness = undefined;
  });
  return () => {
    if (harness === undefined) throw new Error('only during a test');
    return harness;
  };
}
