/**
 * The durable record of what was started: one file for each run, in a folder of each broker. Written before the spawn,
 * completed after it, removed when nothing is left. It need not survive a loss of power (no run does): a rename is
 * enough, so that a reader sees an old file or a new one.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Clock } from '../base/clock';
import { errorCode, errorMessage } from '../base/errors';
import type { Logger } from '../base/logger';
import { startToken } from '../platform/process/leashOrders';
import { isGone } from '../platform/process/procStat';
import { identityOf, type ProcTable } from '../platform/process/procTable';
import type { ProcessIdentity, ProcessStat } from '../platform/process/types';
import { maxEntryBytes, parseEntry, renderEntry, type LedgerEntry } from './ledgerEntry';
import { folderName, machineToken, parseFolderName, type FolderName, type FolderOwner } from './ledgerFolders';

export interface FoundEntry {
  readonly entry: LedgerEntry;
  /** Whose folder it was in. */
  readonly what: FolderOwner;
}

/** Folders of other machines and boots may be in use there; after this nobody is. */
const foreignKeptMs = 30 * 24 * 3_600_000;
const quarantineName = 'quarantine';
const quarantineKept = 20;

export class Ledger {
  private readonly root: string;
  private readonly self: ProcessIdentity | undefined;
  private folder: string | undefined;
  private readonly complained = new Set<string>();

  constructor(
    stateDir: string,
    private readonly what: 'broker' | 'window',
    private readonly table: ProcTable,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.root = path.join(stateDir, 'runs');
    this.self = identityOf(process.pid, table);
  }

  get machine(): string {
    return this.self === undefined ? '' : machineToken(this.self);
  }

  /** This broker's folder, made when it is first asked for; undefined when it cannot be made. */
  ownFolder(): string | undefined {
    if (this.folder !== undefined || this.self === undefined) return this.folder;
    const folder = path.join(this.root, folderName(this.self, this.what));
    this.attempt('made', () => {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.folder = folder;
    });
    return this.folder;
  }

  write(entry: LedgerEntry): void {
    const folder = this.ownFolder();
    if (folder === undefined) return;
    this.attempt('written', () => {
      const temporary = path.join(folder, `.${entry.marker}.tmp`);
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      fs.writeFileSync(temporary, renderEntry(entry), { mode: 0o600 });
      fs.renameSync(temporary, path.join(folder, `${entry.marker}.json`));
    });
  }

  remove(marker: string): void {
    const { folder } = this;
    if (folder !== undefined)
      this.attempt('removed', () => fs.rmSync(path.join(folder, `${marker}.json`), { force: true }));
  }

  /** Makes the entries of brokers that are gone this broker's own. Nobody else gets them then. */
  takeOver(): readonly FoundEntry[] {
    return this.names(this.root).flatMap((name) => {
      const parsed = parseFolderName(name);
      return parsed === undefined ? [] : this.takeFolder(name, parsed);
    });
  }

  /** Nothing is recorded any more: the folder goes, if it is empty. */
  close(): void {
    if (this.folder !== undefined) removeEmpty(this.folder);
  }

  private takeFolder(name: string, parsed: FolderName): readonly FoundEntry[] {
    const folder = path.join(this.root, name);
    if (this.self === undefined || folder === this.folder) return [];
    if (parsed.machine !== this.machine) {
      this.forgetIfOld(folder);
      return [];
    }
    // A broker inside a window ends with it: what is to go on is not for it to take.
    if (this.ownerLives(parsed) || (this.what === 'window' && parsed.what === 'broker')) return [];
    const taken = path.join(this.root, folderName(this.self, parsed.what));
    try {
      fs.renameSync(folder, taken);
    } catch {
      return [];
    }
    const found = this.names(taken).flatMap((file) => this.takeFile(taken, file, parsed.what));
    removeEmpty(taken);
    return found;
  }

  private takeFile(folder: string, file: string, what: FolderOwner): readonly FoundEntry[] {
    const from = path.join(folder, file);
    const own = this.ownFolder();
    const marker = file.replace(/\.json$/, '');
    if (file.startsWith('.') || own === undefined) {
      if (file.startsWith('.')) fs.rmSync(from, { force: true });
      return [];
    }
    const entry = this.read(from, marker);
    if (entry === undefined || machineToken(entry.machine) !== this.machine) {
      this.quarantine(from, file);
      return [];
    }
    this.attempt('taken over', () => fs.renameSync(from, path.join(own, file)));
    return [{ entry, what }];
  }

  private ownerLives({ pid, start }: FolderName): boolean {
    const stat = this.statOf(pid);
    if (stat === 'unknown') return true;
    return stat !== undefined && !isGone(stat.state) && startToken(stat.startTime) === start;
  }

  private statOf(pid: number): ProcessStat | undefined | 'unknown' {
    try {
      return this.table.statOf(pid);
    } catch {
      return 'unknown';
    }
  }

  /** Only a plain file of our own, of a size that an entry may have. */
  private read(file: string, marker: string): LedgerEntry | undefined {
    const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = fs.constants;
    let fd: number | undefined;
    try {
      fd = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      const stat = fs.fstatSync(fd);
      const mine = process.getuid === undefined || stat.uid === process.getuid();
      if (!stat.isFile() || !mine || stat.size > maxEntryBytes) return undefined;
      return parseEntry(fs.readFileSync(fd, 'utf8'), marker);
    } catch {
      return undefined;
    } finally {
      if (fd !== undefined) fs.closeSync(fd);
    }
  }

  private quarantine(from: string, file: string): void {
    const aside = path.join(this.root, quarantineName);
    this.attempt('put aside', () => {
      fs.mkdirSync(aside, { recursive: true, mode: 0o700 });
      fs.renameSync(from, path.join(aside, `${this.clock.wallMs()}-${file}`));
      for (const old of [...this.names(aside)].sort().slice(0, -quarantineKept)) {
        fs.rmSync(path.join(aside, old), { force: true, recursive: true });
      }
    });
    this.logger.log(
      'warn',
      `a record of an earlier broker was not understood and is put aside in ${aside}; nothing was ended for it`,
    );
  }

  private forgetIfOld(folder: string): void {
    const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
    if (stat?.isDirectory() !== true || this.clock.wallMs() - stat.mtimeMs < foreignKeptMs) return;
    this.attempt('removed', () => fs.rmSync(folder, { recursive: true, force: true }));
  }

  private names(folder: string): readonly string[] {
    try {
      return fs.readdirSync(folder);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') this.complain('read', error);
      return [];
    }
  }

  private attempt(what: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.complain(what, error);
    }
  }

  /** Once of each kind: the leash knows the runs all the same. */
  private complain(what: string, error: unknown): void {
    if (this.complained.has(what)) return;
    this.complained.add(what);
    this.logger.log(
      'warn',
      `the record of running backends could not be ${what} (${errorMessage(error)}): if the broker is killed, ` +
        'they are stopped instead of taken over',
    );
  }
}

function removeEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch {
    // Not empty: something in it is still needed, or a leash has taken it.
  }
}
