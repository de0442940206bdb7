import type { Clock } from '../base/clock';
import { Emitter, type Event } from '../base/event';
import type { Disposable } from '../base/lifecycle';
import { advanceView } from '../model/advanceView';
import type { BackendDefinition, BackendKey, FolderDefinition } from '../model/backendDefinition';
import { backendKey } from '../model/backendDefinition';
import { isUp } from './commands/fits';
import type { BackendView } from '../model/snapshot';
import type { BackendsChangedParams } from '../protocol/messages';
import { localView } from './snapshots';

export interface StoreChange {
  readonly changed: readonly BackendView[];
  readonly removed: readonly BackendKey[];
  /** Rows came, went or moved. */
  readonly structure: boolean;
}

/** A view as it was received, with its age: durations in it count from the moment of receipt. */
export interface AgedView {
  readonly view: BackendView;
  readonly ageMs: number;
}

interface Entry {
  readonly view: BackendView;
  readonly atMs: number;
}

interface LocalEntry extends Entry {
  readonly source: string;
}

/**
 * What this window knows of its backends: what the broker said, and for the rest what the files declare.
 * The only place that views, status bar, commands and the API read from, so that all of them say the same.
 */
export class BackendStore implements Disposable {
  private folders: readonly FolderDefinition[] = [];
  private local = new Map<BackendKey, LocalEntry>();
  private readonly received = new Map<BackendKey, Entry>();
  private entries = new Map<BackendKey, Entry>();
  private readonly changes = new Emitter<StoreChange>();

  readonly onDidChange: Event<StoreChange> = this.changes.event;

  constructor(private readonly clock: Clock) {}

  setFolders(folders: readonly FolderDefinition[]): void {
    this.folders = folders;
    const previous = this.local;
    this.local = new Map();
    for (const [key, { view, atMs }] of this.received) {
      const named = this.seenFromHere(view);
      if (named !== view) this.received.set(key, { view: named, atMs });
    }
    for (const folder of folders) {
      for (const definition of folder.backends) this.addLocal(previous, folder, definition);
    }
    this.rebuild();
  }

  /** Takes over what the broker said. */
  apply(change: BackendsChangedParams): void {
    const atMs = this.clock.nowMs();
    for (const key of change.removed) this.received.delete(key);
    for (const view of change.changed) this.received.set(view.key, { view: this.seenFromHere(view), atMs });
    this.rebuild();
  }

  /** Without a broker nothing is known to run; the rows say what the files say, and why. */
  brokerLost(verdict: string): void {
    const had = [...this.received.keys()];
    this.received.clear();
    for (const key of had) {
      const entry = this.local.get(key);
      if (entry !== undefined) this.local.set(key, { ...entry, view: { ...entry.view, lastVerdict: verdict } });
    }
    this.rebuild();
  }

  /** Epoch ms now, for the ages of what is shown. */
  get wallMs(): number {
    return this.clock.wallMs();
  }

  /** All backends in the order of folders and files, live at this moment. */
  views(): readonly BackendView[] {
    return this.aged().map(({ view, ageMs }) => advanceView(view, ageMs));
  }

  /** The same, for whoever shows how time goes on in between. */
  aged(): readonly AgedView[] {
    return [...this.entries.values()].map((entry) => this.withAge(entry));
  }

  agedView(key: BackendKey): AgedView | undefined {
    const entry = this.entries.get(key);
    return entry === undefined ? undefined : this.withAge(entry);
  }

  get(key: BackendKey): BackendView | undefined {
    const aged = this.agedView(key);
    return aged === undefined ? undefined : advanceView(aged.view, aged.ageMs);
  }

  /** Whether the broker has spoken of this backend. */
  isKnownToBroker(key: BackendKey): boolean {
    return this.received.has(key);
  }

  definition(
    key: BackendKey,
  ): { readonly folder: FolderDefinition; readonly definition: BackendDefinition } | undefined {
    for (const folder of this.folders) {
      const definition = folder.backends.find((candidate) => backendKey(folder.path, candidate.name) === key);
      if (definition !== undefined) return { folder, definition };
    }
    return undefined;
  }

  folderOf(view: BackendView): FolderDefinition | undefined {
    return this.folders.find((folder) => folder.path === view.folderPath);
  }

  dispose(): void {
    this.changes.dispose();
  }

  /** Another window may call the same folder by another name, and trust it where this one does not. */
  private seenFromHere(view: BackendView): BackendView {
    const here = this.folderOf(view);
    const isUntrusted = here?.trusted === false;
    if (here === undefined || (here.name === view.folder && isUntrusted === (view.untrusted === true))) return view;
    return { ...view, folder: here.name, untrusted: isUntrusted };
  }

  private withAge({ view, atMs }: Entry): AgedView {
    return { view, ageMs: Math.max(0, this.clock.nowMs() - atMs) };
  }

  private addLocal(
    previous: Map<BackendKey, LocalEntry>,
    folder: FolderDefinition,
    definition: BackendDefinition,
  ): void {
    const key = backendKey(folder.path, definition.name);
    const source = JSON.stringify([folder.name, folder.trusted, definition]);
    const known = previous.get(key);
    if (known?.source === source) {
      this.local.set(key, known);
      return;
    }
    const since = known?.view.stateSince ?? this.clock.wallMs();
    this.local.set(key, { view: localView(folder, definition, since), atMs: this.clock.nowMs(), source });
  }

  /** Entries keep their identity while nothing was said about them, so that a change is told by comparing references. */
  private rebuild(): void {
    const next = new Map<BackendKey, Entry>();
    for (const folder of this.folders) {
      for (const definition of folder.backends) {
        const key = backendKey(folder.path, definition.name);
        const entry = this.received.get(key) ?? this.local.get(key);
        if (entry !== undefined) next.set(key, entry);
      }
      for (const [key, entry] of this.received) {
        if (entry.view.folderPath !== folder.path || next.has(key)) continue;
        // Taken out of the file while it runs: it stays listed until the broker lets it go. The last word of a
        // stop may come after that, and must not bring the row back.
        if (isUp(entry.view)) next.set(key, entry);
        else this.received.delete(key);
      }
    }
    const previous = this.entries;
    this.entries = next;
    this.tell(previous, next);
  }

  private tell(previous: Map<BackendKey, Entry>, next: Map<BackendKey, Entry>): void {
    const changed = [...next].filter(([key, entry]) => previous.get(key) !== entry).map(([, entry]) => entry.view);
    const removed = [...previous.keys()].filter((key) => !next.has(key));
    const keys = [...next.keys()];
    const structure = previous.size !== next.size || [...previous.keys()].some((key, index) => keys[index] !== key);
    if (changed.length > 0 || structure) this.changes.fire({ changed, removed, structure });
  }
}
