import type { ChildProcess } from 'node:child_process';

/** Everything a child prints, and a way to wait for a line of it. */
export class OutputLog {
  private readonly chunks: string[] = [];
  private readonly watchers = new Set<() => void>();

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.chunks.push(chunk);
        for (const watcher of [...this.watchers]) watcher();
      });
    }
  }

  text(): string {
    return this.chunks.join('');
  }

  /** The first group of the first match. */
  async waitFor(pattern: RegExp, timeoutMs: number): Promise<string> {
    return await new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.watchers.delete(look);
        this.child.off('close', onClose);
        settle();
      };
      const look = (): void => {
        const found = pattern.exec(this.text())?.[1];
        if (found !== undefined) finish(() => resolve(found));
      };
      const fail = (what: string): void =>
        finish(() => reject(new Error(`The VS Code server ${what}:\n${this.text()}`)));
      const onClose = (): void => fail('ended before it listened');
      const timer = setTimeout(() => fail(`did not listen within ${timeoutMs / 1000} s`), timeoutMs);
      this.child.once('close', onClose);
      this.watchers.add(look);
      look();
    });
  }
}
