/** Everything the broker knows of one backend; the actor is the only one to change it. */
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/lifecycle';
import { hideValues } from '../config/hideValues';
import { namesInShort } from '../model/startText';
import { canFollow, type BackendState } from '../model/backendState';
import {
  backendKey,
  type BackendDefinition,
  type BackendKey,
  type DefaultIdleTimeout,
} from '../model/backendDefinition';
import type { Failure } from '../model/failure';
import type {
  NotAnswering,
  ProbeRecord,
  StartFacts,
  StartWait,
  TimelineEntry,
  VerdictEntry,
  VerdictKind,
} from '../model/snapshot';
import { History } from '../model/timeline';
import { WakePolicy } from '../model/wakePolicy';
import type { Run } from '../platform/process/types';
import { identify, type DefinitionIdentity } from './definitionIdentity';
import type { StartOrigin } from '../protocol/messages';
import type { Launch } from './launch';

export interface RecordFolder {
  /** Real path; identifies the folder everywhere. */
  readonly path: string;
  readonly name: string;
}

/** A process of the backend with what it was started from. */
export interface LiveRun {
  readonly run: Run;
  readonly launch: Launch;
  readonly startedAtWallMs: number;
  /** Where it listens: the port it was given, or the one it really took. */
  upstreamPort: number | undefined;
  /** Whether an earlier broker has sent it its signal: it gets no second one. */
  readonly told?: 'yes' | 'perhaps';
  /** Released when the run is ended on purpose, so that its end is not taken for a crash. */
  watch?: Disposable;
  /** Tells whether the ready backend still answers. */
  readyWatch?: Disposable;
  readyAfterMs?: number;
  readyAtMs?: number;
}

export class BackendRecord {
  readonly key: BackendKey;
  readonly timeline = new History<TimelineEntry>();
  readonly probes = new History<ProbeRecord>();
  readonly verdicts = new History<VerdictEntry>();
  readonly naps = new WakePolicy();
  state: BackendState = 'stopped';
  stateSinceWallMs: number;
  live: LiveRun | undefined;
  /** Of the start in progress, else of the last one. */
  start: StartFacts = { waits: [], probesMade: 0 };
  /** The launch of the last start, also when it failed. */
  lastLaunch: Launch | undefined;
  failure: Failure | undefined;
  lastVerdict: string | undefined;
  detail: string | undefined;
  restartAtMs: number | undefined;
  /** Set while the ready backend does not answer. */
  notAnswering: NotAnswering | undefined;
  /** Of the last start: why it has no control group though it asked for one, and what that means. */
  notStrict: string | undefined;
  /** Set while its gateway does not have its port. */
  unreached: NotAnswering | undefined;
  /** False once the definition has left the file while a process still ran. */
  declared = true;
  /** Of its folder, for a backend that names no idle timeout. */
  defaultIdleTimeoutMs: DefaultIdleTimeout = 'never';
  /** Of its folder: texts of command lines of processes that a stop leaves alone where they have left its session. */
  keepProcesses: readonly string[] = [];
  /** A port given by us (`"auto"`), kept for the life of the record so that URLs stay stable. */
  assignedPort: number | undefined;
  private known: DefinitionIdentity | undefined;
  /** The port behind a gateway, kept in the same way. */
  hiddenPort: number | undefined;
  /** The port behind a gateway that the process took at its last start instead of the hidden one. */
  takenPort: number | undefined;
  /** Marker of the run after which it was put to sleep, as long as the guard keeps that. */
  asleepAs: string | undefined;
  /** What it depended on when an earlier broker had started the run that was taken over. */
  broughtBefore: ReadonlySet<string> = new Set();
  /** Who asked for the last start. */
  lastOrigin: StartOrigin | undefined;

  /** While it is drained: since when it had been ready. */
  private readyBeforeWallMs: number | undefined;
  private better: { readonly cause: string; readonly known: string } | undefined;

  constructor(
    readonly folder: RecordFolder,
    public definition: BackendDefinition,
    private readonly clock: Clock,
    private readonly notify: (record: BackendRecord) => void,
  ) {
    this.key = backendKey(folder.path, definition.name);
    this.stateSinceWallMs = clock.wallMs();
  }

  get publicPort(): number | undefined {
    const declared = this.definition.port;
    return this.live?.launch.publicPort ?? (declared === 'auto' ? this.assignedPort : declared);
  }

  /** The start that failed was asked for by a client: the next one may ask again. */
  get failedOnWake(): boolean {
    return this.lastOrigin === 'wake' && this.failure !== undefined && this.failure.code !== 'crashed';
  }

  /** Names the definition among past starts: another command or another readiness is another matter. Holds no path. */
  get startId(): string {
    return this.identity.startId;
  }

  /** Whether the running process was started from something else than the file says now. */
  get needsRestart(): boolean {
    return this.live !== undefined && this.live.launch.fingerprint !== this.identity.fingerprint;
  }

  get running(): boolean {
    return this.live !== undefined;
  }

  /** Text for people without the values of the environment that the definition names. */
  shown(text: string): string {
    return hideValues(text, this.definition, this.lastLaunch?.windowEnvironment ?? {});
  }

  /** Lets go of the process, which is ended or about to be: its exit is no crash. */
  release(): LiveRun | undefined {
    const live = this.live;
    live?.watch?.dispose();
    live?.readyWatch?.dispose();
    this.live = undefined;
    return live;
  }

  /** Computed once for each definition: views are made all the time. */
  private get identity(): DefinitionIdentity {
    if (this.known?.definition !== this.definition) this.known = identify(this.key, this.definition);
    return this.known;
  }

  /** Takes the step the transition table allows; anything else is a mistake of ours and says so. */
  to(state: BackendState, cause: string): void {
    if (!canFollow(this.state, state)) throw new Error(`${this.key}: no way from ${this.state} to ${state} (${cause})`);
    const nowWallMs = this.clock.wallMs();
    // A sleep that is called off is no new beginning: it was ready all the time.
    if (state === 'draining') this.readyBeforeWallMs = this.state === 'ready' ? this.stateSinceWallMs : undefined;
    const stayed = this.state === 'draining' && state === 'ready';
    this.stateSinceWallMs = stayed ? (this.readyBeforeWallMs ?? nowWallMs) : nowWallMs;
    this.state = state;
    this.detail = undefined;
    if (state !== 'failed') this.failure = undefined;
    if (state !== 'ready' && state !== 'draining') this.notAnswering = undefined;
    if (state === 'stopped' || state === 'failed') this.unreached = undefined;
    this.timeline.add({ at: nowWallMs, state, cause });
    this.changed();
  }

  /** A start begins: what the one before had waited for and seen is no longer told. */
  beginStart(): void {
    this.probes.clear();
    this.unreached = undefined;
    this.start = { waits: [], probesMade: 0 };
  }

  waitingFor(names: readonly string[]): void {
    this.detail = `waiting for ${names.join(', ')}`;
    this.changed();
  }

  /** It is not its turn yet: these start before it. */
  waitsBehind(names: readonly string[]): void {
    this.detail = `waiting for its turn, behind ${namesInShort(names)}`;
    this.changed();
  }

  /** It had to wait for something before it could begin. */
  addWait(wait: StartWait): void {
    this.start = { ...this.start, waits: [...this.start.waits, wait] };
  }

  /** It is ready as far as it goes, but does not answer now. */
  markNotAnswering(saw: string): void {
    if (this.state !== 'ready' && this.state !== 'draining') return;
    this.notAnswering = { since: this.notAnswering?.since ?? this.clock.wallMs(), saw };
    this.timeline.add({ at: this.clock.wallMs(), state: this.state, cause: `not answering: ${saw}` });
    this.changed();
  }

  markAnswering(): void {
    if (this.notAnswering === undefined) return;
    this.notAnswering = undefined;
    this.timeline.add({ at: this.clock.wallMs(), state: this.state, cause: 'it answers again' });
    this.changed();
  }

  /** Somebody else has the port of its gateway. */
  markUnreached(saw: string): void {
    this.unreached = { since: this.clock.wallMs(), saw };
    this.addEvent(saw);
  }

  markReached(): void {
    if (this.unreached === undefined) return;
    this.unreached = undefined;
    this.addEvent('the port of its gateway is ours again');
  }

  /** It listens on another port than it was told, and is reached there. */
  tookPort(taken: number, given: number | undefined): void {
    this.addEvent(`it listens on port ${taken} instead of ${given ?? 'none'}; its gateway passes on to that`);
  }

  /** Something happened that is no change of state. */
  addEvent(cause: string): void {
    this.timeline.add({ at: this.clock.wallMs(), state: this.state, cause });
    this.changed();
  }

  /** More became known of a cause that is shown. */
  amendCause(cause: string, known: string): void {
    this.timeline.replaceNewest(
      (entry) => entry.cause === cause,
      (entry) => ({ ...entry, cause: known }),
    );
    this.better = { cause, known };
    if (this.lastVerdict?.startsWith(cause) === true) {
      this.lastVerdict = this.asKnown(this.lastVerdict);
      this.verdicts.replaceNewest(
        ({ text }) => text.startsWith(cause),
        (entry) => ({ ...entry, text: this.asKnown(entry.text) }),
      );
    }
    this.changed();
  }

  /** A text about a cause, as that is known by now. */
  asKnown(text: string): string {
    return this.better !== undefined && text.startsWith(this.better.cause)
      ? `${this.better.known}${text.slice(this.better.cause.length)}`
      : text;
  }

  fail(failure: Failure): void {
    this.to('failed', failure.message);
    this.failure = failure;
    this.changed();
  }

  /** More became known of the failure that is shown. */
  amendFailure(failure: Failure): void {
    if (this.state !== 'failed') return;
    this.failure = failure;
    this.changed();
  }

  /** An extra look that sees what the one before it saw is counted, neither listed nor told. */
  addProbe(probe: ProbeRecord): void {
    this.start = { ...this.start, probesMade: this.start.probesMade + 1, lastProbe: probe };
    const last = this.probes.entries().at(-1);
    const isRepeat =
      probe.attempt === undefined && !probe.ok && last?.saw === probe.saw && last.reason === probe.reason;
    if (isRepeat && last.attempt === undefined) {
      this.probes.replaceLast({ ...probe, times: (last.times ?? 1) + 1 });
      return;
    }
    this.probes.add(probe);
    const isNews = probe.attempt !== undefined || probe.ok || this.detail !== probe.saw;
    this.detail = probe.saw;
    if (isNews) this.changed();
  }

  verdict(kind: VerdictKind, text: string): void {
    this.lastVerdict = text;
    this.verdicts.add({ at: this.clock.wallMs(), kind, text });
    this.changed();
  }

  changed(): void {
    this.notify(this);
  }
}
