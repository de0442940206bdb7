/** What the broker's insides need of the machine, as narrow ports; `brokerMain` plugs the real ones in. */
import type { Clock } from '../base/clock';
import type { CancellationSignal } from '../base/cancellation';
import type { Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import type { PortHolder } from '../model/failure';
import type { ListeningPlace } from '../model/listeningWords';
import type { PastStarts } from '../model/snapshot';
import type { StartExpectation } from '../model/startExpectation';
import type { EndTarget, KeepAwakeEnd, LaunchFacts, LedgerEntry } from './ledgerEntry';
import type { Route, RouteListener, RouteOptions } from '../gateway/gatewayEvents';
import type { ProbeOutcome } from '../platform/net/types';
import type { SaidReady } from '../probes/probe';
import type { ReadinessDefinition } from '../probes/createProbe';
import type { BackendKey } from '../model/backendDefinition';
import type {
  ProcessIdentity,
  ProcessInfo,
  Run,
  RunSpec,
  SpawnResult,
  StopOptions,
  StopResult,
} from '../platform/process/types';
import type { GroupPlace } from '../platform/process/controlGroup';
import type { ListenSubject } from './listenWatch';
import type { LossSubject } from './lossWatch';

export interface ProcessPort {
  spawn(spec: RunSpec): Promise<SpawnResult>;
  stop(run: Run, options: StopOptions): Promise<StopResult>;
  /** Non-zombie members of the run's family, without those of `keep`, else of its own keep-list, that have left its session. */
  family(run: Run, keep?: readonly string[]): Promise<readonly ProcessInfo[]>;
  /** Their pids, by a look that began at `notBeforeMs` or later; one look serves all who ask. */
  pids(run: Run, notBeforeMs: number): Promise<readonly number[]>;
  /** Those that can be told at once: the leader and its descendants, none once it has exited. */
  nearPids(run: Run): readonly number[];
  /** Where the control group of a run would be. */
  groupPlace(marker: string): GroupPlace;
  /** Ends a stranger the person chose; false when the identity no longer holds. */
  endProcess(pid: number, startTime: string): Promise<boolean>;
  /** What an exit status of the shell says about the command, for instance 127: not found. */
  shellVerdict(exitCode: number): 'commandNotFound' | 'notExecutable' | undefined;
}

export interface ClientProcess {
  readonly pid: number;
  /** Of its program, without a path. */
  readonly name: string;
}

/** What stands on public ports. */
export interface GatewayPort {
  /** Rejects with the error of the system, EADDRINUSE for a port that is taken. Clients are held until it is opened. */
  openRoute(publicPort: number, options: RouteOptions, listener: RouteListener): Promise<Route>;
}

export interface NetPort {
  isPortFree(port: number): Promise<boolean>;
  findHolder(port: number): Promise<PortHolder>;
  /** A free port below the ephemeral range that is not in `taken`. */
  allocatePort(taken: ReadonlySet<number>): Promise<number>;
  /** The process on the client's end of a connection to a local port; undefined where it cannot be told. */
  clientOf(clientPort: number, serverPort: number): Promise<ClientProcess | undefined>;
  /** Ports the processes listen on. */
  listeningPorts(pids: readonly number[]): Promise<readonly number[]>;
  /** The same with the addresses. */
  listeningPlaces(pids: readonly number[]): Promise<readonly ListeningPlace[]>;
  /** Looks when the backend may have begun to listen. */
  watchForListener(subject: ListenSubject): Disposable;
  /** Tells when a backend that just became ready no longer listens. */
  watchForLoss(subject: LossSubject): Disposable;
}

/** Where and how the probes of one start look. */
export interface ReadinessContext {
  /** Where the process listens, as far as that is known now. */
  readonly port: () => number | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Of what an exec probe starts, texts of command lines that are left alone where they have left its session. */
  readonly keep: readonly string[];
  /** The processes a listener must belong to. */
  readonly pids: (notBeforeMs: number) => Promise<readonly number[]>;
  /** Those of them that can be told at once. */
  readonly nearPids: () => readonly number[];
  /** A probe found what it waits for in the output: a reason to look at once. */
  readonly onEvidence: () => void;
  /** What it wrote to the descriptor on which it is to say that it is ready. */
  readonly said?: () => SaidReady | undefined;
}

/** All required probes of one start as one question. */
export interface Readiness extends Disposable {
  readonly describe: string;
  /** A cancelled look ends at once, with whatever it started. */
  probe(timeoutMs: number, signal: CancellationSignal): Promise<ProbeOutcome>;
  /** Output of this run, in order; log probes look at nothing else. */
  feed(chunk: Buffer): void;
}

export interface LogPort {
  fileFor(key: string): string;
  /** Appends the line that begins a run; answers the size of the file after it. */
  appendHeader(file: string, text: string): Promise<number>;
  /** Appends the line that ends a run, after its last output has arrived. */
  appendFooter(file: string, text: string): Promise<void>;
  lastLines(file: string, count: number): Promise<readonly string[]>;
  /** Follows from `offset`; `onChunk` gets only what was written after it. */
  follow(file: string, offset: number, onChunk: (chunk: Buffer) => void): Disposable;
  /** Epoch ms of the last write; undefined when there is no file. */
  lastWriteMs(file: string): Promise<number | undefined>;
}

export interface FilePort {
  /** Text of a file, or undefined when it does not exist. */
  readText(file: string): Promise<string | undefined>;
  realPath(file: string): Promise<string | undefined>;
  /** Tells when something of this name comes, goes or changes, as far as the system tells. */
  watchName(path: string, changed: () => void): Disposable;
}

/** Past starts, by the `startId` of a record. */
export interface HistoryPort {
  /** What past starts of this id let expect of the next one; undefined where none became ready. */
  expectation(id: string): StartExpectation | undefined;
  pastStarts(id: string): PastStarts;
  /** `saidSo`: whether it was its output that told; undefined where that says nothing about it. */
  record(id: string, outcome: 'ready' | 'failed', afterMs: number, saidSo?: boolean): void;
}

/** A run as the guard has to know it. */
export interface GuardedRun {
  readonly marker: string;
  readonly key: BackendKey;
  readonly stop: LedgerEntry['stop'];
  readonly launch: LaunchFacts;
  /** Folder of its control group. */
  readonly group?: string;
}

/** A run of an earlier broker that is still there. */
export interface Orphan {
  readonly entry: LedgerEntry;
  readonly run: Run;
  /** Of its process, where it can be read. */
  readonly environment: Readonly<Record<string, string>> | undefined;
}

export interface TakenOver {
  /** These go on when somebody declares their backends. */
  readonly adoptable: readonly Orphan[];
  /** These belong to nobody: their start was never completed, or their window is gone. */
  readonly abandoned: readonly Orphan[];
  /** These have no process, and are woken when somebody declares and uses them. */
  readonly asleep: readonly LedgerEntry[];
}

/** Sees to it that no run outlives the broker unnoticed. Never rejects: what it cannot do it says in the log. */
export interface GuardPort {
  /** Before the spawn; when it resolves, whoever dies next, the run is found by its marker. */
  intend(run: GuardedRun): Promise<void>;
  /** After the spawn; only then does the run count as started. */
  started(run: GuardedRun, identity: ProcessIdentity): Promise<void>;
  /** `upstreamPort`: where it listens. */
  ready(marker: string, readyAfterMs: number, upstreamPort: number | undefined): void;
  /** Before the first signal of its end. */
  ending(marker: string, to: EndTarget): void;
  /** After it. */
  signalled(marker: string): void;
  /** Nothing of the run is left, and its backend is to be woken; `over` ends that. */
  asleep(marker: string): void;
  /** A person keeps the backend awake until then, epoch ms; undefined: no more. */
  keepAwake(key: BackendKey, until: KeepAwakeEnd | undefined): void;
  /** Nothing of the run is left. */
  over(marker: string): void;
  /** How long a new broker is waited for when this one has gone. */
  setHold(holdMs: number): void;
  /** Makes what brokers that are gone have left this broker's own, and forgets what has ended. */
  takeOver(): Promise<TakenOver>;
}

export interface BrokerPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly processes: ProcessPort;
  readonly net: NetPort;
  readonly gateway: GatewayPort;
  readonly logs: LogPort;
  readonly files: FilePort;
  readonly history: HistoryPort;
  readonly guard: GuardPort;
  createReadiness(ready: ReadinessDefinition, context: ReadinessContext): Readiness;
  readonly platform: string;
  /** Of this process, which a window started with its own. */
  readonly ownEnvironment: Readonly<Record<string, string>>;
}
