/** Which folders are declared, by whom they are held, and the records of their backends. */
import type { Clock } from '../base/clock';
import { backendKey, type BackendDefinition, type BackendKey, type FolderDefinition } from '../model/backendDefinition';
import { BackendRecord } from './backendRecord';

interface Folder {
  readonly records: Map<BackendKey, BackendRecord>;
  /** Clients that have it open, with whether each trusts it. */
  readonly holders: Map<string, boolean>;
  /** Whether the last of them did: a window that reloads is back in a moment. */
  trustedByLast: boolean;
}

export interface FolderListener {
  added(record: BackendRecord): void;
  removed(key: BackendKey): void;
  /** A start or an ending is in progress, or a restart is planned: the record is needed. */
  isBusy(key: BackendKey): boolean;
}

export class FolderRegistry {
  private readonly folders = new Map<string, Folder>();

  constructor(
    private readonly clock: Clock,
    private readonly recordChanged: (record: BackendRecord) => void,
    private readonly listener: FolderListener,
  ) {}

  paths(): readonly string[] {
    return [...this.folders.keys()];
  }

  recordsOf(path: string): readonly BackendRecord[] {
    return [...(this.folders.get(path)?.records.values() ?? [])];
  }

  /** Whether this client, or any that has the folder open, trusts it. */
  isTrusted(path: string, clientId?: string): boolean {
    const folder = this.folders.get(path);
    if (folder === undefined) return false;
    const { holders } = folder;
    if (clientId !== undefined) return holders.get(clientId) === true;
    return holders.size === 0 ? folder.trustedByLast : [...holders.values()].includes(true);
  }

  isHeld(path: string): boolean {
    return (this.folders.get(path)?.holders.size ?? 0) > 0;
  }

  /** Takes what a client declares now; folders it no longer names are let go. Answers the keys that left. */
  declare(clientId: string, declared: readonly FolderDefinition[]): readonly BackendKey[] {
    const removed = declared.flatMap((folder) => this.declareFolder(clientId, folder));
    const paths = new Set(declared.map((folder) => folder.path));
    for (const [path, folder] of this.folders) if (!paths.has(path)) letGo(folder, clientId);
    return removed;
  }

  release(clientId: string): void {
    for (const folder of this.folders.values()) letGo(folder, clientId);
  }

  /** Forgets a folder and its backends, but for those of which something would not go. */
  drop(path: string): void {
    const folder = this.folders.get(path);
    if (folder === undefined) return;
    for (const record of [...folder.records.values()]) {
      if (record.live !== undefined) continue;
      folder.records.delete(record.key);
      this.listener.removed(record.key);
    }
    if (folder.records.size === 0) this.folders.delete(path);
  }

  /** A backend that left the file is forgotten as soon as nothing of it runs. */
  recordSettled(record: BackendRecord): void {
    if (record.declared || this.listener.isBusy(record.key)) return;
    if (record.state === 'quiesced') {
      record.to('stopped', 'it is no longer declared');
      return;
    }
    if (record.live !== undefined || (record.state !== 'stopped' && record.state !== 'failed')) return;
    this.folders.get(record.folder.path)?.records.delete(record.key);
    this.listener.removed(record.key);
  }

  private declareFolder(clientId: string, declared: FolderDefinition): readonly BackendKey[] {
    const folder = this.folders.get(declared.path) ?? {
      records: new Map<BackendKey, BackendRecord>(),
      holders: new Map<string, boolean>(),
      trustedByLast: false,
    };
    this.folders.set(declared.path, folder);
    folder.holders.set(clientId, declared.trusted);
    for (const definition of declared.backends) {
      const record = folder.records.get(backendKey(declared.path, definition.name));
      if (record === undefined) {
        const added = new BackendRecord(
          { path: declared.path, name: declared.name },
          definition,
          this.clock,
          this.recordChanged,
        );
        added.defaultIdleTimeoutMs = declared.defaultIdleTimeoutMs;
        added.keepProcesses = declared.keepProcesses ?? [];
        folder.records.set(added.key, added);
        this.listener.added(added);
        continue;
      }
      record.declared = true;
      record.keepProcesses = declared.keepProcesses ?? [];
      const sameTimeout = record.defaultIdleTimeoutMs === declared.defaultIdleTimeoutMs;
      const taken = record.live === undefined ? definition : readable(definition, record.definition);
      if (sameTimeout && JSON.stringify(record.definition) === JSON.stringify(taken)) continue;
      record.defaultIdleTimeoutMs = declared.defaultIdleTimeoutMs;
      record.definition = taken;
      record.changed();
    }
    return this.undeclare(folder, new Set(declared.backends.map((definition) => definition.name)));
  }

  private undeclare(folder: Folder, names: ReadonlySet<string>): readonly BackendKey[] {
    const removed: BackendKey[] = [];
    for (const record of [...folder.records.values()]) {
      if (names.has(record.definition.name)) continue;
      record.declared = false;
      this.recordSettled(record);
      if (!folder.records.has(record.key)) removed.push(record.key);
      else record.changed();
    }
    return removed;
  }
}

function letGo(folder: Folder, clientId: string): void {
  if (folder.holders.has(clientId)) folder.trustedByLast = [...folder.holders.values()].includes(true);
  folder.holders.delete(clientId);
}

/** A slip in the file changes nothing for what runs: an idle timeout that cannot be read is not the default one. */
function readable(definition: BackendDefinition, before: BackendDefinition): BackendDefinition {
  return definition.problem === undefined ? definition : { ...before, problem: definition.problem };
}
