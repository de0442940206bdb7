import type { Clock } from '../base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../base/lifecycle';
import { formatBytes } from '../model/byteSize';
import { FilteredLines } from '../model/filteredLines';
import type { LineFilter } from '../model/lineFilter';
import { TerminalFilter } from '../model/terminalFilter';
import { followFile } from '../platform/files/followFile';
import { readChunks } from '../platform/files/readChunks';
import { readLastLines } from '../platform/files/readLastLines';
import { rotatedName } from '../platform/files/rotatedName';
import { sizeOf } from '../platform/files/sizeOf';

const historyBytes = 256 * 1024;
const historyLines = 1_000;

const dim = (text: string): string => `\u001b[0m\u001b[2m${text}\u001b[0m\n`;

/** Writes a log for a terminal: its end first, then what comes; made harmless, and only the lines that are wanted. */
export class LogFeed implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly terminal = new TerminalFilter();
  private decoder = new TextDecoder();
  private readonly lines: FilteredLines | undefined;

  constructor(
    private readonly file: string,
    filter: LineFilter,
    private readonly clock: Clock,
    private readonly write: (text: string) => void,
  ) {
    this.lines = filter.isEmpty ? undefined : new FilteredLines(filter);
    this.owned.add(toDisposable(() => this.terminal.reset()));
  }

  async begin(): Promise<void> {
    const size = await sizeOf(this.file);
    const history = this.lines === undefined ? await this.recent(size) : await this.search(this.lines, size);
    if (this.owned.isDisposed) return;
    if (history !== '') this.write(history);
    const from = this.lines === undefined ? { historyBytes } : { startAt: size };
    const listener = { onChunk: (chunk: Buffer) => this.show(chunk), onGap: (bytes: number) => this.gap(bytes) };
    this.owned.add(followFile(this.file, listener, { clock: this.clock, ...from }));
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** A log that was just rotated begins in the older file; the present one is begun by whoever follows it. */
  private async recent(size: number): Promise<string> {
    if (size >= historyBytes) return '';
    const lines = await readLastLines(rotatedName(this.file), historyLines, { maxBytes: historyBytes - size });
    return lines.length === 0 ? '' : new TerminalFilter().push(`${lines.join('\n')}\n`);
  }

  /** All that is kept of the log is looked through, the older file first; the last lines found are shown. */
  private async search(lines: FilteredLines, size: number): Promise<string> {
    let found: string[] = [];
    let count = 0;
    const older = rotatedName(this.file);
    for (const [file, end] of [[older, await sizeOf(older)] as const, [this.file, size] as const]) {
      for await (const chunk of readChunks(file, end)) {
        if (this.owned.isDisposed) return '';
        const matching = lines.push(this.text(chunk));
        count += matching.length;
        found = found.concat(matching);
        if (found.length > 2 * historyLines) found = found.slice(-historyLines);
      }
    }
    found = found.slice(-historyLines);
    const earlier = count - found.length;
    const left = earlier > 0 ? dim(`… ${earlier} earlier lines match too: Show Log File opens all of it …`) : '';
    return left + found.map((line) => `${line}\n`).join('');
  }

  private show(chunk: Buffer): void {
    const text = this.text(chunk);
    const shown =
      this.lines === undefined
        ? text
        : this.lines
            .push(text)
            .map((line) => `${line}\n`)
            .join('');
    if (shown !== '') this.write(shown);
  }

  private text(chunk: Buffer): string {
    return this.terminal.push(this.decoder.decode(chunk, { stream: true }));
  }

  private gap(bytes: number): void {
    this.terminal.reset();
    this.decoder = new TextDecoder();
    this.write(`\n${dim(`… ${formatBytes(bytes)} skipped: output came faster than it can be shown …`)}`);
  }
}
