/**
 * Tells when a run has really ended. A leader that exits with 0 may have left a daemon behind that carries on
 * (found by its marker a moment later, because a double fork is not visible at once); any other exit is the end.
 */
import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { ExitStatus, Run } from '../platform/process/types';
import type { BackendRecord } from './backendRecord';
import type { BrokerPorts, ProcessPort } from './ports';

const firstLooksMs = [0, 30, 80, 150];
const laterLookMs = 500;

/** What is left running on purpose does not keep a run alive. */
export function watchRun(
  record: BackendRecord,
  { processes, clock }: BrokerPorts,
  run: Run,
  onEnded: (status: ExitStatus) => void,
): RunWatch {
  return new RunWatch(run, { family: (each) => processes.family(each, record.keepProcesses) }, clock, onEnded);
}

export class RunWatch implements Disposable {
  private readonly store = new DisposableStore();
  private ended = false;
  private daemonSeen = false;

  constructor(
    private readonly run: Run,
    private readonly processes: Pick<ProcessPort, 'family'>,
    private readonly clock: Clock,
    private readonly onEnded: (status: ExitStatus) => void,
  ) {
    void run.exited.then((status) => this.leaderExited(status));
  }

  /** False only when nothing of the run carries on. */
  get alive(): boolean {
    return !this.ended;
  }

  /** True while the leader runs, and after it only once a daemon that carries on has been seen. */
  get certainlyAlive(): boolean {
    return !this.ended && (this.run.exitStatus === undefined || this.daemonSeen);
  }

  dispose(): void {
    this.store.dispose();
  }

  private leaderExited(status: ExitStatus): void {
    if (this.store.isDisposed) return;
    // Of a process that an earlier broker started, nobody is told how it ended.
    const unknown = status.code === undefined && status.signal === undefined;
    if (status.code === 0 || unknown) this.lookForDaemon(status, 0);
    else this.end(status);
  }

  private lookForDaemon(status: ExitStatus, look: number): void {
    const timer = this.clock.setTimer(firstLooksMs[look] ?? laterLookMs, () => {
      this.store.delete(timer);
      void this.processes.family(this.run).then(
        (members) => this.looked(status, look, members.length > 0),
        // A table that cannot be read says nothing about the daemon: it is looked for until it can be.
        () => this.lookForDaemon(status, firstLooksMs.length),
      );
    });
    this.store.add(timer);
  }

  private looked(status: ExitStatus, look: number, carriesOn: boolean): void {
    if (this.store.isDisposed) return;
    this.daemonSeen ||= carriesOn;
    if (!carriesOn && look >= firstLooksMs.length - 1) this.end(status);
    else this.lookForDaemon(status, carriesOn ? firstLooksMs.length : look + 1);
  }

  private end(status: ExitStatus): void {
    if (this.ended) return;
    this.ended = true;
    this.onEnded(status);
  }
}
