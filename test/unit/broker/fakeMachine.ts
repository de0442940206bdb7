/** A machine of pretence for the broker's insides: processes that end when told, a clock that is moved by hand. */
import type { CancellationSignal } from '../../../src/base/cancellation';
import { toDisposable } from '../../../src/base/lifecycle';
import type { ActorServices } from '../../../src/broker/actorServices';
import { BackendActor } from '../../../src/broker/backendActor';
import { BackendRecord } from '../../../src/broker/backendRecord';
import { whatRunsHash } from '../../../src/broker/launchFacts';
import type { LossSubject } from '../../../src/broker/lossWatch';
import type { BrokerPorts } from '../../../src/broker/ports';
import { parseBackendsFile } from '../../../src/config/parse';
import type { ProbeDefinition } from '../../../src/model/backendDefinition';
import { SpawnBudget } from '../../../src/model/spawnBudget';
import type { StartExpectation } from '../../../src/model/startExpectation';
import type { ProbeOutcome } from '../../../src/platform/net/types';
import type { ExitStatus, ProcessInfo, Run } from '../../../src/platform/process/types';
import { ManualClock } from '../vscode/manualClock';

export class FakeRun implements Run {
  readonly marker = '0'.repeat(32);
  readonly identity = { pid: 0, startTime: '1', bootId: 'boot', pidNamespace: 'ns' };
  exitStatus: ExitStatus | undefined;
  readonly exited: Promise<ExitStatus>;
  private tell: (status: ExitStatus) => void = () => {};

  constructor(pid: number) {
    this.identity = { ...this.identity, pid };
    this.exited = new Promise((resolve) => {
      this.tell = resolve;
    });
  }

  exit(status: ExitStatus): void {
    this.exitStatus = status;
    this.tell(status);
  }
}

export class FakeMachine {
  readonly clock = new ManualClock();
  readonly runs: FakeRun[] = [];
  readonly logged: string[] = [];
  /** Of the window that asked, for each start. */
  readonly environments: Readonly<Record<string, string>>[] = [];
  /** What the next looks at a starting backend see. */
  outcome: ProbeOutcome = { ok: true, saw: 'answered' };
  answer = (): Promise<ProbeOutcome> => Promise.resolve(this.outcome);
  expectation: StartExpectation | undefined;
  slotsLent = 0;
  /** What was remembered of starts: `ready 50`. */
  readonly recorded: string[] = [];
  /** Of each look at a starting backend: tells when nobody waits for it any more. */
  readonly lookSignals: CancellationSignal[] = [];
  /** Markers of the runs the guard was told to be over. */
  readonly over: string[] = [];
  /** Of each ready backend: who is told that it no longer listens. */
  readonly losses: LossSubject[] = [];
  /** Where `cwd` leads to. */
  realCwd = '/folder';
  /** Of each path that is watched now: who is told. */
  readonly watchedNames = new Map<string, () => void>();
  /** Asked of each start. */
  probes: readonly ProbeDefinition[] = [{ kind: 'tcp' }];
  /** What a stop leaves behind. */
  leftovers: readonly ProcessInfo[] = [];
  ownEnvironment: Readonly<Record<string, string>> = {};
  /** What is seen of a run by whoever leaves the processes of this keep-list out. */
  familyOf: (keep: readonly string[]) => readonly ProcessInfo[] = () => [];
  /** Of each stop. */
  readonly graces: number[] = [];
  whyAwake: () => Promise<string | undefined> = () => Promise.resolve(undefined);
  /** Whenever something of the record changed that is shown. */
  changed = (): void => {};
  takesPort: () => Promise<boolean> = () => Promise.resolve(true);
  readonly record: BackendRecord;
  readonly actor: BackendActor;

  constructor(definition: object) {
    const parsed = parseBackendsFile(JSON.stringify({ backends: { api: definition } }), { folderPath: '/folder' });
    const [declared] = parsed.backends;
    if (declared === undefined) throw new Error('the definition was not read');
    this.record = new BackendRecord({ path: '/folder', name: 'folder' }, declared, this.clock, () => this.changed());
    this.actor = new BackendActor(this.record, this.ports(), this.services());
  }

  get lastRun(): FakeRun {
    const run = this.runs.at(-1);
    if (run === undefined) throw new Error('nothing was started');
    return run;
  }

  /** Causes and states so far. */
  get states(): string[] {
    return this.record.timeline.entries().map((entry) => entry.state);
  }

  ports(): BrokerPorts {
    return {
      clock: this.clock,
      logger: { log: (_level, message) => void this.logged.push(message) },
      platform: 'linux',
      ownEnvironment: this.ownEnvironment,
      processes: {
        spawn: () => {
          const run = new FakeRun(100 + this.runs.length);
          this.runs.push(run);
          return Promise.resolve({ kind: 'spawned', run });
        },
        stop: (run, { graceMs }) => {
          this.graces.push(graceMs);
          if (run instanceof FakeRun && this.leftovers.length === 0) run.exit(run.exitStatus ?? { signal: 'SIGTERM' });
          return Promise.resolve({ forced: false, leftovers: this.leftovers });
        },
        family: (_run, keep = []) => Promise.resolve(this.familyOf(keep)),
        pids: () => Promise.resolve([]),
        nearPids: () => [],
        endProcess: () => Promise.resolve(false),
        groupPlace: () => ({ kind: 'none', why: 'this is a test' }),
        shellVerdict: () => undefined,
      },
      net: {
        isPortFree: () => Promise.resolve(true),
        findHolder: (port) => Promise.resolve({ port }),
        allocatePort: () => Promise.resolve(20_000),
        listeningPorts: () => Promise.resolve([]),
        listeningPlaces: () => Promise.resolve([]),
        watchForListener: () => toDisposable(() => {}),
        watchForLoss: (subject) => {
          this.losses.push(subject);
          return toDisposable(() => {});
        },
        clientOf: () => Promise.resolve(undefined),
      },
      gateway: {
        openRoute: () => Promise.reject(new Error('no gateway here')),
      },
      logs: {
        fileFor: () => '/log',
        appendHeader: () => Promise.resolve(0),
        appendFooter: () => Promise.resolve(),
        lastLines: () => Promise.resolve(['the last line']),
        follow: () => toDisposable(() => {}),
        lastWriteMs: () => Promise.resolve(undefined),
      },
      files: {
        readText: () => Promise.resolve(undefined),
        realPath: (file) => Promise.resolve(file),
        watchName: (path, changed) => {
          this.watchedNames.set(path, changed);
          return toDisposable(() => this.watchedNames.delete(path));
        },
      },
      guard: {
        intend: () => Promise.resolve(),
        started: () => Promise.resolve(),
        ready: () => {},
        ending: () => {},
        signalled: () => {},
        asleep: () => {},
        keepAwake: () => {},
        over: (marker) => void this.over.push(marker),
        setHold: () => {},
        takeOver: () => Promise.resolve({ adoptable: [], abandoned: [], asleep: [] }),
      },
      history: {
        expectation: () => this.expectation,
        pastStarts: () => ({ readyMs: [], failedMs: [] }),
        record: (_id, outcome, afterMs) => void this.recorded.push(`${outcome} ${afterMs}`),
      },
      createReadiness: () => ({
        describe: 'tcp :20000',
        probe: (_timeoutMs, signal) => {
          this.lookSignals.push(signal);
          return this.answer();
        },
        feed: () => {},
        dispose: () => {},
      }),
    };
  }

  private services(): ActorServices {
    return {
      budget: new SpawnBudget(),
      bringDependencies: () => Promise.resolve(),
      missingDependencies: () => [],
      takeTurn: () => {
        this.slotsLent++;
        return Promise.resolve(toDisposable(() => this.slotsLent--));
      },
      resolveLaunch: (record, request) => {
        this.environments.push(request.environment);
        return Promise.resolve({
          command: record.definition.command,
          cwd: '/folder',
          realCwd: this.realCwd,
          env: {},
          ownNames: [],
          port: 20_000,
          probes: this.probes,
          quiesce: record.definition.stop.quiesce,
          liveness: record.definition.liveness?.probe,
          logFile: '/log',
          fingerprint: 'f',
          whatRuns: whatRunsHash(record.definition),
          windowEnvironment: request.environment,
        });
      },
      backendOnPort: () => undefined,
      isTrusted: () => true,
      whyAwake: () => this.whyAwake(),
      busyNow: () => undefined,
      oldRunsGone: () => Promise.resolve(),
      closeGate: () => {},
      settle: () => Promise.resolve(true),
      takePublicPort: () => this.takesPort(),
    };
  }
}
