import type { Clock } from '../../base/clock';
import { groupMembers, killGroup, removeGroup } from './controlGroup';
import { lookAtFamily } from './family';
import { hostProcTable } from './hostProcTable';
import { mayBeSame, presenceOf, type ProcTable } from './procTable';
import { sendSignal } from './signals';
import type { ProcessInfo, ProcessStat, Run, StopInProgress, StopOptions, StopResult } from './types';
import { heldBack } from './tellOrder';
import { Wakeup } from './wakeup';

const firstRescanMs = 20;
const slowestRescanMs = 100;
/** Processes outside the group can be born between two looks: they must have been quiet for this long. */
const quietMs = 300;
const killPhaseMs = 5_000;
const groupCloseMs = 1_000;
/** The kernel has buried the leader before we are told; nobody should see "stopped" without an exit status. */
const exitNewsMs = 200;
/** For this long, looks that fail (out of file descriptors, `ps` hangs) are repeated, and news of the exit awaited. */
const blindMs = 2_000;

/**
 * Ends a run: one signal to the group, then SIGCONT, to those who may send it on last; the same once to every known process outside the group; after the
 * grace one SIGKILL to the group, and to those outside until it is quiet. Resolves when no living member is left, or
 * names the ones that would not go. In a control group of its own, all that is in there too: killed at once, and gone when
 * the group can be removed. Concurrent calls share one stop; a later one may shorten the grace.
 */
export function stopRun(
  run: Run,
  options: StopOptions,
  clock: Clock,
  table: ProcTable = hostProcTable(),
): Promise<StopResult> {
  const { memory } = run;
  if (memory?.stopping) {
    memory.stopping.join(options);
    return memory.stopping.result;
  }
  const stop = new RunStop(run, options, clock, table);
  if (!memory) return stop.result;
  memory.stopping = stop;
  const forget = (): void => {
    memory.stopping = undefined;
  };
  stop.result.then(forget, forget);
  return stop.result;
}

/** Who is held back until the others are gone. */
interface Wave {
  readonly held: readonly ProcessInfo[];
  readonly below: readonly ProcessStat[];
}

class RunStop implements StopInProgress {
  readonly result: Promise<StopResult>;
  private readonly listeners: (() => void)[] = [];
  private readonly signalListeners: (() => void)[] = [];
  private readonly wakeup: Wakeup;
  private graceMs: number;
  private signalledAtMs: number | undefined;
  private sent = false;
  /** Of the second grace, where there is one. */
  private lateGraceMs: number;
  private outsidersSeen = false;
  private forced = false;
  private kept: readonly ProcessInfo[] = [];

  constructor(
    private readonly run: Run,
    private readonly options: StopOptions,
    private readonly clock: Clock,
    private readonly table: ProcTable,
  ) {
    this.wakeup = new Wakeup(clock);
    this.graceMs = options.graceMs;
    this.lateGraceMs = options.graceMs;
    this.listen(options);
    this.result = this.stop().finally(() => this.wakeup.dispose());
  }

  join(options: StopOptions): void {
    const sinceSignalMs = this.signalledAtMs === undefined ? 0 : this.clock.nowMs() - this.signalledAtMs;
    this.graceMs = Math.min(this.graceMs, options.graceMs + sinceSignalMs);
    this.lateGraceMs = Math.min(this.lateGraceMs, options.graceMs);
    this.listen(options);
    if (this.signalledAtMs !== undefined) this.tell(this.listeners);
    if (this.sent) this.tell(this.signalListeners);
    this.wakeup.ring();
  }

  private listen({ beforeFirstSignal, afterFirstSignal }: StopOptions): void {
    if (beforeFirstSignal) this.listeners.push(beforeFirstSignal);
    if (afterFirstSignal) this.signalListeners.push(afterFirstSignal);
  }

  private tell(listeners: (() => void)[]): void {
    for (const tell of listeners.splice(0)) tell();
  }

  private async stop(): Promise<StopResult> {
    void this.run.exited.then(() => this.wakeup.ring());
    const gone = (this.options.perhapsTold === true && (await this.goneUntold())) || (await this.goneWhenTold());
    let leftovers = gone ? [] : await this.kill();
    // Somebody may have been born between two looks: that the group can be removed is the proof.
    if (leftovers.length === 0 && !(await this.groupIsClosed())) {
      this.forced = true;
      leftovers = await this.kill();
      if (leftovers.length === 0 && !(await this.groupIsClosed())) leftovers = this.holders();
    }
    await this.exitNews();
    return {
      forced: this.forced,
      leftovers: leftovers.length === 0 ? this.unprovenLeader() : leftovers,
      ...(this.kept.length === 0 ? {} : { kept: this.kept }),
    };
  }

  /** The grace without a signal, for one that may have had it. */
  private async goneUntold(): Promise<boolean> {
    const family = await this.look();
    if (family.length === 0) return true;
    this.tell(this.listeners);
    this.signalledAtMs = this.clock.nowMs();
    this.signal(family, 'SIGCONT');
    if (await this.goneWithinGrace()) return true;
    this.graceMs = this.lateGraceMs;
    return false;
  }

  private async goneWhenTold(): Promise<boolean> {
    const family = await this.look();
    if (family.length === 0) return true;
    this.tell(this.listeners);
    this.signalledAtMs = this.clock.nowMs();
    const waves = this.signalOnce(family);
    this.sent = true;
    this.tell(this.signalListeners);
    await this.goOn(waves);
    return this.goneWithinGrace();
  }

  /**
   * The signal to all at once. Those who may send it on are suspended before; answers with them in waves, each of which is
   * to go on when all below it are gone.
   */
  private signalOnce(family: readonly ProcessInfo[]): readonly Wave[] {
    const { signal } = this.options;
    const tellable = family.flatMap((member) => {
      const taking = this.table.takes?.(member.pid, signal);
      return taking === undefined ? [] : [{ ...member, ...taking }];
    });
    const waves = heldBack(tellable).map((pids) => family.filter(({ pid }) => pids.includes(pid)));
    const held = waves.flat();
    this.signalEach(held, 'SIGSTOP');
    this.signal(family, signal);
    if (held.length === 0) this.signal(family, 'SIGCONT');
    else this.signalEach(notIn(family, held), 'SIGCONT');
    const handling = tellable.filter((member) => member.catches);
    return waves.map((held, index) => ({ held, below: notIn(handling, waves.slice(index).flat()) }));
  }

  /** Half of the grace is theirs in any case. */
  private async goOn(waves: readonly Wave[]): Promise<void> {
    for (const { held, below } of waves) {
      await this.untilGone(below);
      this.signalEach(held, 'SIGCONT');
    }
  }

  private async untilGone(members: readonly ProcessStat[]): Promise<void> {
    let pauseMs = firstRescanMs;
    const holdLeftMs = (): number => this.graceLeftMs() - this.graceMs / 2;
    while (holdLeftMs() > 0 && members.some((member) => this.lives(member))) {
      await this.wakeup.sleep(Math.min(pauseMs, holdLeftMs()));
      pauseMs = Math.min(pauseMs * 2, slowestRescanMs);
    }
  }

  /** Waits without looking while the leader lives; then looks for the rest of the family. */
  private async goneWithinGrace(): Promise<boolean> {
    while (this.leaderLives()) {
      if (this.graceLeftMs() <= 0) return false;
      await this.wakeup.sleep(this.graceLeftMs());
    }
    const left = await this.untilQuiet(
      await this.look(),
      () => this.graceLeftMs(),
      () => {},
    );
    return left.length === 0;
  }

  private async kill(): Promise<readonly ProcessInfo[]> {
    const untilMs = this.clock.nowMs() + killPhaseMs;
    const family = await this.look();
    const groupIsHit = family.length > 0 && this.signal(family, 'SIGKILL');
    this.forced ||= family.length > 0;
    if (this.run.group !== undefined) killGroup(this.run.group);
    return this.untilQuiet(
      family,
      () => untilMs - this.clock.nowMs(),
      (found) => {
        this.forced = true;
        // The group needs no second one: what was in it can no longer run, nor fork.
        this.signalEach(groupIsHit ? found.filter((member) => !this.inGroup(member)) : found, 'SIGKILL');
        if (this.run.group !== undefined) killGroup(this.run.group);
      },
    );
  }

  /** One that is a zombie to us keeps its group until the last of its threads has ended. */
  private async groupIsClosed(): Promise<boolean> {
    const { group } = this.run;
    const untilMs = this.clock.nowMs() + groupCloseMs;
    while (group !== undefined && !removeGroup(group)) {
      if (this.clock.nowMs() >= untilMs) return false;
      await this.wakeup.sleep(firstRescanMs);
    }
    return true;
  }

  /** Looks again and again until the family is gone for certain or the time is up; answers with who is left. */
  private async untilQuiet(
    first: readonly ProcessInfo[],
    leftMs: () => number,
    treat: (found: readonly ProcessInfo[]) => void,
  ): Promise<readonly ProcessInfo[]> {
    let found = first;
    let pauseMs = firstRescanMs;
    let quietSinceMs: number | undefined;
    for (;;) {
      if (found.length > 0) {
        quietSinceMs = undefined;
        if (leftMs() <= 0) return found;
      } else {
        quietSinceMs ??= this.clock.nowMs();
        if (!this.outsidersSeen || this.clock.nowMs() - quietSinceMs >= quietMs) return [];
      }
      do {
        await this.wakeup.sleep(Math.min(pauseMs, Math.max(leftMs(), firstRescanMs)));
        pauseMs = Math.min(pauseMs * 2, slowestRescanMs);
        // A look at one process costs microseconds, at all of them milliseconds.
      } while (leftMs() > 0 && found.some((member) => this.lives(member)));
      found = await this.look();
      if (found.length > 0) treat(found);
    }
  }

  private async look(): Promise<readonly ProcessInfo[]> {
    const family = await this.lookUntilSeen();
    this.outsidersSeen ||= family.some((member) => !this.inGroup(member));
    return family;
  }

  /** What cannot be looked at is not gone: then the leader stands for its family, unless it is known to have ended. */
  private async lookUntilSeen(): Promise<readonly ProcessInfo[]> {
    const untilMs = this.clock.nowMs() + blindMs;
    for (;;) {
      try {
        const { members, kept } = await lookAtFamily(this.run, this.table, this.options.keep);
        this.kept = kept;
        return members;
      } catch {
        if (this.clock.nowMs() >= untilMs) return this.unprovenLeader();
        await this.wakeup.sleep(slowestRescanMs);
      }
    }
  }

  /** The leader, unless it is certain that it has ended: an empty family alone proves nothing. */
  private unprovenLeader(): readonly ProcessInfo[] {
    const { identity, exitStatus } = this.run;
    if (exitStatus !== undefined || presenceOf(identity, this.table) === 'zombie') return [];
    return this.unknownMember();
  }

  /** Who holds the control group open though no look has seen them as of the family. */
  private holders(): readonly ProcessInfo[] {
    const { group = '' } = this.run;
    try {
      const stats = groupMembers(group).map((pid) => this.table.statOf(pid));
      const seen = stats.filter((stat) => stat !== undefined);
      if (seen.length > 0) return seen.map((stat) => ({ ...stat, command: this.table.commandOf(stat.pid) }));
    } catch {
      // It cannot be looked: then nobody can be named.
    }
    const command = `somebody in the control group ${group} whom the kernel does not name`;
    return [{ pid: 0, startTime: '', parentPid: 0, groupId: 0, sessionId: 0, state: '?', command }];
  }

  private unknownMember(): readonly ProcessInfo[] {
    const { pid, startTime } = this.run.identity;
    const command = this.table.commandOf(pid);
    return [{ pid, startTime, parentPid: 0, groupId: pid, sessionId: pid, state: '?', command }];
  }

  /** Signals the group once and everybody outside once; false when the group could not be signalled as a whole. */
  private signal(family: readonly ProcessInfo[], signal: string): boolean {
    const inside = family.filter((member) => this.inGroup(member));
    const sent =
      inside.length > 0 &&
      sendSignal({ kind: 'group', identity: this.run.identity, members: inside }, signal, this.table) === 'sent';
    this.signalEach(sent ? family.filter((member) => !this.inGroup(member)) : family, signal);
    return sent;
  }

  private signalEach(members: readonly ProcessInfo[], signal: string): void {
    const { bootId, pidNamespace } = this.run.identity;
    for (const { pid, startTime } of members) {
      sendSignal({ kind: 'process', identity: { pid, startTime, bootId, pidNamespace } }, signal, this.table);
    }
  }

  private inGroup(member: ProcessStat): boolean {
    return member.groupId === this.run.identity.pid || (member.groupId === 0 && member.pid === this.run.identity.pid);
  }

  private leaderLives(): boolean {
    return this.run.exitStatus === undefined && mayBeSame(this.run.identity, this.table);
  }

  private lives({ pid, startTime }: ProcessStat): boolean {
    const { bootId, pidNamespace } = this.run.identity;
    return mayBeSame({ pid, startTime, bootId, pidNamespace }, this.table);
  }

  private graceLeftMs(): number {
    return (this.signalledAtMs ?? this.clock.nowMs()) + this.graceMs - this.clock.nowMs();
  }

  private async exitNews(): Promise<void> {
    // A leader that is simply not there any more is taken for ended only when we were told so: that may take longer.
    const waitMs = presenceOf(this.run.identity, this.table) === 'zombie' ? exitNewsMs : blindMs;
    const untilMs = this.clock.nowMs() + waitMs;
    while (this.run.exitStatus === undefined && this.clock.nowMs() < untilMs && !this.leaderLives()) {
      await this.wakeup.sleep(untilMs - this.clock.nowMs());
    }
  }
}

function notIn<T extends ProcessStat>(all: readonly T[], others: readonly ProcessStat[]): T[] {
  return all.filter(({ pid }) => !others.some((other) => other.pid === pid));
}
