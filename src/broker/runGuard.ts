/** Sees to it that no run outlives the broker unnoticed: the ledger tells the next broker, the leash acts without one. */
import type { Clock } from '../base/clock';
import { errorMessage } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import { within } from '../base/within';
import type { BackendKey } from '../model/backendDefinition';
import { adoptRun } from '../platform/process/adoptRun';
import { removeGroup } from '../platform/process/controlGroup';
import { environmentOf } from '../platform/process/environmentOf';
import { listFamilies } from '../platform/process/family';
import { startLeash } from '../platform/process/leash';
import type { LeashedRun } from '../platform/process/leashOrders';
import { newMarker } from '../platform/process/runMarker';
import type { ProcTable } from '../platform/process/procTable';
import type { ProcessIdentity, ProcessInfo, Run } from '../platform/process/types';
import { stopOf } from './guardedStop';
import { Ledger, type FoundEntry } from './ledger';
import { asleepEntry, type EndTarget, type KeepAwakeEnd, type LedgerEntry } from './ledgerEntry';
import type { FolderOwner } from './ledgerFolders';
import { LeashKeeper } from './leashKeeper';
import type { GuardedRun, GuardPort, Orphan, TakenOver } from './ports';

/** A new broker is up within a second or two: no shorter wait would let it take anything over. */
const shortestHoldMs = 3_000;
/** Until a window has said how long it may be gone. */
const defaultHoldMs = 30_000;
const readyWrittenAfterMs = 20;
const leashWaitMs = 1_000;
const noMachine = { bootId: '', pidNamespace: '' };

export interface RunGuardPorts {
  readonly stateDir: string;
  /** Backends of a broker inside a window end with it: nothing is handed over. */
  readonly inProcess: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly table: ProcTable;
}

export class RunGuard implements GuardPort, Disposable {
  private readonly ledger: Ledger;
  private readonly leash: LeashKeeper;
  private readonly entries = new Map<string, LedgerEntry>();
  /** As far as it was told since this broker began. */
  private readonly awake = new Map<BackendKey, KeepAwakeEnd | undefined>();

  constructor(private readonly ports: RunGuardPorts) {
    const { stateDir, inProcess, clock, logger, table } = ports;
    this.ledger = new Ledger(stateDir, inProcess ? 'window' : 'broker', table, clock, logger);
    const place = (): { records: string | undefined; machine: string } => ({
      records: this.ledger.ownFolder(),
      machine: this.ledger.machine,
    });
    this.leash = new LeashKeeper(() => startLeash(place(), clock), clock, logger);
    this.setHold(defaultHoldMs);
  }

  intend({ marker, key, stop, launch, group }: GuardedRun): Promise<void> {
    const { clock, table } = this.ports;
    const machine = table.machine() ?? noMachine;
    const more = group === undefined ? {} : { group };
    return this.keep({ marker, key, machine, stop, launch, ...more, startedAtMs: clock.wallMs() });
  }

  started({ marker }: GuardedRun, { pid, startTime }: ProcessIdentity): Promise<void> {
    const entry = this.entries.get(marker);
    if (entry === undefined || startTime === '') return Promise.resolve();
    return this.keep({ ...entry, leader: { pid, startTime } });
  }

  ready(marker: string, readyAfterMs: number, upstreamPort: number | undefined): void {
    const entry = this.entries.get(marker);
    if (entry === undefined) return;
    const ready = { atMs: this.ports.clock.wallMs(), afterMs: Math.round(readyAfterMs) };
    const elsewhere = upstreamPort !== entry.launch.port && upstreamPort !== undefined;
    const known = { ...entry, ready: { ...ready, ...(elsewhere ? { port: upstreamPort } : {}) } };
    this.entries.set(marker, known);
    // Whoever waits for the backend is told first: a file takes milliseconds, and a new broker that misses this looks itself.
    this.ports.clock.setTimer(readyWrittenAfterMs, () => {
      if (this.entries.get(marker) === known) this.write(known);
    });
  }

  ending(marker: string, to: EndTarget): void {
    const entry = this.entries.get(marker);
    if (entry !== undefined) this.amend({ ...entry, ending: { ...entry.ending, to } });
  }

  signalled(marker: string): void {
    const entry = this.entries.get(marker);
    if (entry?.ending !== undefined) this.amend({ ...entry, ending: { ...entry.ending, signalled: true } });
  }

  asleep(marker: string): void {
    const entry = this.entries.get(marker);
    if (entry === undefined) return;
    this.write({ ...asleepEntry(entry, this.ports.clock.wallMs()), keepAwake: entry.keepAwake });
    this.leash.letGo(marker);
  }

  keepAwake(key: BackendKey, until: KeepAwakeEnd | undefined): void {
    this.awake.set(key, until);
    for (const entry of this.entries.values()) if (entry.key === key) this.write(entry);
  }

  over(marker: string): void {
    if (!this.entries.delete(marker)) return;
    this.ledger.remove(marker);
    this.leash.letGo(marker);
  }

  /** A command of our own, asked about a backend: nobody takes it over, so it is killed when we are gone. */
  async whileGuarded<T>(keep: readonly string[], run: (marker: string) => Promise<T>): Promise<T> {
    const marker = newMarker();
    this.leash.holdAtOnce({ marker, leader: undefined, signal: 'SIGKILL', graceMs: 0, keep });
    try {
      return await run(marker);
    } finally {
      this.leash.letGo(marker);
    }
  }

  setHold(holdMs: number): void {
    this.leash.setHold(this.ports.inProcess ? 0 : Math.max(holdMs, shortestHoldMs));
  }

  async takeOver(): Promise<TakenOver> {
    const all = this.ledger.takeOver();
    for (const { entry } of all) this.entries.set(entry.marker, entry);
    const asleep = all.filter(({ entry, what }) => this.sleepsOn(entry, what)).map(({ entry }) => entry);
    const found = all
      .filter(({ entry }) => entry.asleep === undefined)
      .map((item) => ({ ...item, run: this.runOf(item.entry) }));
    const families = await this.familiesOf(found.map(({ run }) => run));
    const adoptable: Orphan[] = [];
    const abandoned: Orphan[] = [];
    const held: Promise<void>[] = [];
    for (const [index, { entry, what, run }] of found.entries()) {
      const family = families?.[index];
      const empty = family?.length === 0;
      if (empty && isClosed(entry)) {
        const slept = this.endedAsleep(entry, what);
        if (slept !== undefined) asleep.push(slept);
        continue;
      }
      held.push(this.keep(entry));
      const source = run.exitStatus === undefined ? run.identity.pid : (family?.[0]?.pid ?? 0);
      const orphan = { entry, run, environment: environmentOf(source) };
      (what === 'broker' && entry.leader !== undefined && !empty ? adoptable : abandoned).push(orphan);
    }
    // The windows wait: a leash that is slow to come is told all the same, a little later.
    await within(this.ports.clock, leashWaitMs, Promise.all(held));
    return { adoptable, abandoned, asleep };
  }

  dispose(): void {
    this.leash.dispose();
    if (this.entries.size === 0) this.ledger.close();
  }

  /** A sleep goes on only from broker to broker: where a hold is over, or a window is gone, nobody waits for it. */
  private sleepsOn({ marker, asleep }: LedgerEntry, what: FolderOwner): boolean {
    if (asleep !== undefined && what !== 'broker') this.over(marker);
    return asleep !== undefined && what === 'broker';
  }

  /** Nothing is left of the run: it is forgotten, unless it was just being put to sleep. */
  private endedAsleep({ marker, ending }: LedgerEntry, what: FolderOwner): LedgerEntry | undefined {
    if (ending?.to === 'quiesced' && what === 'broker') this.asleep(marker);
    else this.over(marker);
    return this.entries.get(marker);
  }

  private keep(entry: LedgerEntry): Promise<void> {
    this.write(entry);
    return this.leash.hold(leashed(entry));
  }

  /** In the turn of a signal: whoever comes after us is to know of it, whenever we are killed. */
  private amend(entry: LedgerEntry): void {
    this.write(entry);
    this.leash.holdAtOnce(leashed(entry));
  }

  private write(entry: LedgerEntry): void {
    const { marker, key } = entry;
    const written = this.awake.has(key) ? { ...entry, keepAwake: this.awake.get(key) } : entry;
    this.entries.set(marker, written);
    this.ledger.write(written);
  }

  private runOf({ marker, machine, leader, stop: { keep = [] }, group }: FoundEntry['entry']): Run {
    const identity = { pid: 0, startTime: '', ...leader, ...machine };
    return adoptRun(
      { marker, identity, keep, ...(group !== undefined && { group }) },
      this.ports.clock,
      this.ports.table,
    );
  }

  /** Undefined when it cannot be looked: then nothing is taken for ended. */
  private async familiesOf(runs: readonly Run[]): Promise<readonly (readonly ProcessInfo[])[] | undefined> {
    if (runs.length === 0) return [];
    try {
      return await listFamilies(runs, this.ports.table);
    } catch (error) {
      this.ports.logger.log('warn', `backends of an earlier broker: ${errorMessage(error)}`);
      return undefined;
    }
  }
}

function leashed({ marker, leader, group, ...entry }: LedgerEntry): LeashedRun {
  return { marker, leader, ...stopOf(entry), ...(group !== undefined && { group }) };
}

/** A look that has seen nobody is no proof while the control group of the run cannot be removed. */
function isClosed({ group }: LedgerEntry): boolean {
  return group === undefined || removeGroup(group);
}
