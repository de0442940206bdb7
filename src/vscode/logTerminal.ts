import * as fs from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore, toDisposable } from '../base/lifecycle';
import { LineFilter } from '../model/lineFilter';
import { plainText } from '../model/plainText';
import type { BackendStore } from './backendStore';
import { LogFeed } from './logFeed';
import type { DetailsSource } from './tree/rowTooltip';

const dim = (text: string): string => `\u001b[2m${text}\u001b[0m\n`;
/** Screen and scrolled lines away, cursor to the top. */
const clear = '\u001b[2J\u001b[3J\u001b[H';
const escapeKey = '\u001b';

/** The log of one backend as a terminal: history from before it was opened, then what comes, colours kept. */
export class LogTerminal implements vscode.Pseudoterminal {
  private readonly owned = new DisposableStore();
  private readonly writes = this.owned.add(new vscode.EventEmitter<string>());
  private shownFilter = new LineFilter('');
  private logFile: string | undefined;
  private feed: LogFeed | undefined;
  private looking = false;

  private tellOpened: () => void = () => {};

  readonly onDidWrite = this.writes.event;
  /** Settles when the terminal is on screen. */
  readonly opened = new Promise<void>((resolve) => {
    this.tellOpened = resolve;
  });

  constructor(
    private readonly key: string,
    private readonly name: string,
    private readonly store: BackendStore,
    private readonly detailsOf: DetailsSource,
    private readonly clock: Clock,
    /** Where the log is once there was a start, also when no broker runs that could tell. */
    private readonly expectedFile: string,
  ) {
    this.owned.add(toDisposable(() => this.feed?.dispose()));
  }

  open(): void {
    this.tellOpened();
    this.owned.add(this.store.onDidChange(() => void this.look()));
    void this.look(true);
  }

  close(): void {
    this.owned.dispose();
  }

  /** Escape lets all lines be seen again. */
  handleInput(data: string): void {
    if (data === escapeKey && !this.shownFilter.isEmpty) void this.filter('');
  }

  /** What the lines are filtered by; empty: all are shown. */
  get filterText(): string {
    return this.shownFilter.text;
  }

  /** Resolves when what is kept of the log has been looked through. */
  async filter(text: string): Promise<void> {
    if (text === this.shownFilter.text) return;
    this.shownFilter = new LineFilter(text);
    this.write(clear);
    if (this.logFile !== undefined) await this.follow(this.logFile);
  }

  /** There is no log before the first start. */
  private async look(first = false): Promise<void> {
    if (this.logFile !== undefined || this.looking || this.owned.isDisposed) return;
    this.looking = true;
    const logFile = (await this.detailsOf(this.key))?.logFile ?? (await existing(this.expectedFile));
    this.looking = false;
    if (logFile !== undefined) await this.follow(logFile);
    else if (first) this.write(dim(`No output yet: ${this.name} has not been started.`));
  }

  private async follow(logFile: string): Promise<void> {
    this.logFile = logFile;
    this.feed?.dispose();
    if (this.owned.isDisposed) return;
    if (!this.shownFilter.isEmpty) {
      this.write(dim(`─── only lines with ${plainText(this.shownFilter.text)} · press Escape to see all ───`));
    }
    const feed = new LogFeed(logFile, this.shownFilter, this.clock, (text) => {
      if (this.feed === feed) this.write(text);
    });
    this.feed = feed;
    await feed.begin();
    // The line above may be far out of sight by now.
    if (this.feed === feed && !this.shownFilter.isEmpty) this.write(dim('─── the filter is on · press Escape ───'));
  }

  /** A terminal wants both: the carriage to return and the line to feed. */
  private write(text: string): void {
    if (text !== '' && !this.owned.isDisposed) this.writes.fire(text.replace(/\r?\n/g, '\r\n'));
  }
}

function existing(file: string): Promise<string | undefined> {
  return fs.access(file).then(
    () => file,
    () => undefined,
  );
}
