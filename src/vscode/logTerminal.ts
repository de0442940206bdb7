import * as fs from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/lifecycle';
import { followFile } from '../platform/files/followFile';
import { readLastLines } from '../platform/files/readLastLines';
import type { BackendStore } from './backendStore';
import type { DetailsSource } from './tree/rowTooltip';

const historyBytes = 256 * 1024;
const historyLines = 1_000;

const dim = (text: string): string => `\x1b[2m${text}\x1b[0m\r\n`;

/** The log of one backend as a terminal: history from before it was opened, then what comes, colours kept. */
export class LogTerminal implements vscode.Pseudoterminal {
  private readonly owned = new DisposableStore();
  private readonly following = this.owned.add(new DisposableStore());
  private readonly writes = this.owned.add(new vscode.EventEmitter<string>());
  private logFile: string | undefined;
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
  ) {}

  open(): void {
    this.tellOpened();
    this.owned.add(this.store.onDidChange(() => void this.look()));
    void this.look(true);
  }

  close(): void {
    this.owned.dispose();
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
    await this.writeRotated(logFile);
    if (this.owned.isDisposed) return;
    const decoder = new TextDecoder();
    this.following.add(
      followFile(
        logFile,
        {
          onChunk: (chunk) => this.write(decoder.decode(chunk, { stream: true })),
          onGap: (bytes) => this.write(dim(`\r\n… ${bytes} bytes left out: output came faster than it can be shown …`)),
        },
        { clock: this.clock, historyBytes },
      ),
    );
  }

  /** A log that was just rotated begins in the older file. */
  private async writeRotated(logFile: string): Promise<void> {
    const size = await fs.stat(logFile).then(
      (stat) => stat.size,
      () => 0,
    );
    if (size >= historyBytes) return;
    const lines = await readLastLines(`${logFile}.1`, historyLines, { maxBytes: historyBytes - size });
    if (lines.length > 0) this.write(`${lines.join('\n')}\n`);
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
