import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Disposable } from '../../base/lifecycle';

export interface NameListener {
  readonly changed: () => void;
  /** Nothing is told any more. */
  readonly lost: () => void;
}

/** Watches a file by the directory it is in; undefined where the system does not let us. */
export type WatchFile = (file: string, listener: NameListener) => Disposable | undefined;

/**
 * One watch for all files of a directory, while there are any to watch. With one for each, every change would be told to all of
 * them: two hundred that start at once would hear of each other's every line.
 */
export class DirectoryWatch {
  private readonly listeners = new Map<string, Set<NameListener>>();
  private watcher: FSWatcher | undefined;

  private readonly directory: string;

  constructor(directory: string) {
    this.directory = resolve(directory);
  }

  readonly watchFile: WatchFile = (file, listener) => {
    if (dirname(resolve(file)) !== this.directory || !this.open()) return undefined;
    const name = basename(file);
    const ofName = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, ofName.add(listener));
    return {
      dispose: () => {
        ofName.delete(listener);
        if (ofName.size === 0 && this.listeners.get(name) === ofName) this.listeners.delete(name);
        if (this.listeners.size === 0) this.close();
      },
    };
  };

  private open(): boolean {
    if (this.watcher !== undefined) return true;
    try {
      const opened = watch(this.directory, { persistent: false }, (_kind, name) => this.tell(name));
      opened.on('error', () => this.lose());
      this.watcher = opened;
      return true;
    } catch {
      return false;
    }
  }

  private close(): void {
    this.watcher?.close();
    this.watcher = undefined;
  }

  private tell(name: string | null): void {
    const told = name === null ? this.all() : [...(this.listeners.get(name) ?? [])];
    for (const { changed } of told) changed();
  }

  private lose(): void {
    const told = this.all();
    this.listeners.clear();
    this.close();
    for (const { lost } of told) lost();
  }

  private all(): NameListener[] {
    return [...this.listeners.values()].flatMap((ofName) => [...ofName]);
  }
}
