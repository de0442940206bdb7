/** A real broker process with a real client, in a state directory and a workspace folder of its own. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildId } from '../../src/base/buildId';
import type { LogLevel } from '../../src/base/logger';
import { createLogFiles } from '../../src/broker/logFiles';
import { parseBackendsFile } from '../../src/config/parse';
import { backendKey } from '../../src/model/backendDefinition';
import type { BackendView } from '../../src/model/snapshot';
import { spawnBroker } from '../../src/platform/process/spawnBroker';
import { createSystemClock } from '../../src/platform/systemClock';
import { recordDirectory, stateDirArgument } from '../../src/protocol/brokerPlaces';
import { BrokerLink, type InProcessBroker, type StartedBroker } from '../../src/protocol/brokerLink';
import { requests, type BrokerSettings, type StartOrigin } from '../../src/protocol/messages';
import { repositoryRoot } from './repositoryRoot';
import { processFacts } from './processFacts';
import { makeTempDir } from './tempDir';
import { TestWindow } from './testWindow';
import { ToldViews, type Wanted } from './toldViews';
import { waitUntil } from './waitUntil';

const settings: BrokerSettings = { reconnectGraceMs: 100, maxConcurrentStarts: 0 };
export const brokerScript = join(repositoryRoot, 'out', 'src', 'broker', 'brokerMain.js');

export interface ClientOptions {
  /** Default: the build of this broker. */
  readonly buildId?: string;
  readonly log?: (level: LogLevel, message: string) => void;
  /** Around each start of a broker process. */
  readonly startBroker?: (start: () => Promise<StartedBroker>) => Promise<StartedBroker>;
  /** Given: the broker runs inside this process. */
  readonly runInProcess?: (stateDir: string) => Promise<InProcessBroker>;
}

export class BrokerHarness {
  readonly root = makeTempDir();
  readonly stateDir = join(this.root, 'state');
  readonly folder = join(this.root, 'folder');
  readonly link: BrokerLink;
  private readonly toldViews = new ToldViews();
  /** Every broker process that a client of this harness has started, in order. */
  readonly brokerPids: number[] = [];
  private readonly clients: BrokerLink[] = [];

  constructor(
    private readonly overrides: Partial<BrokerSettings> = {},
    private readonly script = brokerScript,
  ) {
    mkdirSync(this.folder, { recursive: true });
    mkdirSync(this.stateDir, { mode: 0o700 });
    this.link = this.connect();
    this.link.onBackendsChanged((change) => this.toldViews.apply(change));
  }

  get brokerPid(): number | undefined {
    return this.brokerPids.at(-1);
  }

  /** A further client of the same broker, which it starts if it has to. */
  connect(options: ClientOptions = {}): BrokerLink {
    const link = new BrokerLink({
      recordDirectory: recordDirectory(this.stateDir),
      buildId: options.buildId ?? buildId,
      clientName: 'test',
      clock: createSystemClock(),
      logger: { log: options.log ?? (() => {}) },
      preferInProcess: () => options.runInProcess !== undefined,
      runInProcess: () => options.runInProcess?.(this.stateDir) ?? Promise.reject(new Error('not in this test')),
      startBroker: () => options.startBroker?.(() => this.startBroker()) ?? this.startBroker(),
    });
    this.clients.push(link);
    return link;
  }

  private async startBroker(): Promise<StartedBroker> {
    const env = Object.fromEntries(
      Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const start = await spawnBroker({
      script: this.script,
      args: [stateDirArgument, this.stateDir],
      env,
      outputFile: this.brokerOutput,
    });
    if (start.kind === 'failed') throw new Error(start.problem.message);
    this.brokerPids.push(start.pid);
    return { exited: start.exited.then((status) => `${JSON.stringify(status)} ${this.brokerSaid()}`) };
  }

  /** A further window on the folder of this harness. */
  window(options: ClientOptions = {}): TestWindow {
    return new TestWindow(this.connect(options), this.folder, { ...settings, ...this.overrides }, this.environment);
  }

  logFileOf(name: string): string {
    return createLogFiles(join(this.stateDir, 'logs'), createSystemClock()).fileFor(this.key(name));
  }

  /** What the backend has printed so far. */
  logOf(name: string): string {
    const file = this.logFileOf(name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** What broker processes wrote to their standard output and error. */
  brokerSaid(): string {
    return existsSync(this.brokerOutput) ? readFileSync(this.brokerOutput, 'utf8') : '';
  }

  private get brokerOutput(): string {
    return join(this.root, 'broker-output.log');
  }

  write(file: string, text: string): string {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Text of a file in the folder. */
  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** Declares the folder with these backends, written as in `backends.json`. */
  async declare(backends: Record<string, object>, trusted = true): Promise<void> {
    const { backends: definitions } = parseBackendsFile(JSON.stringify({ backends }), { folderPath: this.folder });
    await this.link.setWorkspace({
      folders: [{ path: this.folder, name: 'folder', trusted, defaultIdleTimeoutMs: 900_000, backends: definitions }],
      settings: { ...settings, ...this.overrides },
    });
  }

  key(name: string): string {
    return backendKey(this.folder, name);
  }

  async start(name: string, origin: StartOrigin = 'person'): Promise<BackendView> {
    return this.link.request(requests.start, { key: this.key(name), origin, environment: this.environment });
  }

  private get environment(): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.root,
      LOCAL_BACKENDS_TEST_RUN: process.env['LOCAL_BACKENDS_TEST_RUN'] ?? '',
    };
  }

  restart(name: string): Promise<BackendView> {
    const { environment } = this;
    return this.link.request(requests.restart, { key: this.key(name), origin: 'person', environment });
  }

  stop(name: string): Promise<BackendView> {
    return this.link.request(requests.stop, { key: this.key(name), cause: 'stopped by the test' });
  }

  sleepNow(name: string): Promise<BackendView> {
    return this.link.request(requests.sleepNow, { key: this.key(name) });
  }

  view(name: string): BackendView {
    const view = this.toldViews.byKey.get(this.key(name));
    if (view === undefined) throw new Error(`no view of ${name}`);
    return view;
  }

  waitFor(name: string, wanted: Wanted, timeoutMs?: number): Promise<BackendView> {
    return this.toldViews.waitFor(this.key(name), wanted, timeoutMs);
  }

  /** Lets go of the broker, which stops everything and exits by itself. */
  async dispose(): Promise<void> {
    for (const client of this.clients) client.dispose();
    await waitUntil('the brokers to exit', () => !this.brokerPids.some(isAlive), 20_000);
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A zombie is dead: its parent has only not asked yet. */
export function isAlive(pid: number): boolean {
  return processFacts(pid)?.zombie === false;
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
