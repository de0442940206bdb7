/** Processes that hold connections: one alone may not have as many files open. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../../test/support/repositoryRoot';

export type HolderOrder =
  | { readonly kind: 'open'; readonly count: number }
  /** One request on each of these connections, one after the other. */
  | { readonly kind: 'ask'; readonly from: number; readonly to: number }
  | { readonly kind: 'close' };

export interface HolderAnswer {
  readonly open: number;
  readonly failed: number;
}

const script = join(repositoryRoot, 'out', 'bench', 'gatewayHolderMain.js');

interface Holder {
  readonly child: ChildProcess;
  readonly closed: Promise<unknown>;
}

export class Holders {
  private readonly holders: readonly Holder[];

  constructor(count: number, port: number) {
    this.holders = Array.from({ length: count }, () => {
      const child = fork(script, [String(port)]);
      return { child, closed: once(child, 'close') };
    });
  }

  /** All of them at the same time; resolves with the sums. */
  async order(order: HolderOrder): Promise<HolderAnswer> {
    const answers = await Promise.all(this.holders.map((holder) => answerOf(holder, order)));
    return answers.reduce((all, one) => ({ open: all.open + one.open, failed: all.failed + one.failed }));
  }

  async end(): Promise<void> {
    await Promise.all(
      this.holders.map(async ({ child, closed }) => {
        child.kill('SIGKILL');
        await closed;
      }),
    );
  }
}

async function answerOf({ child, closed }: Holder, order: HolderOrder): Promise<HolderAnswer> {
  const ended = closed.then(() => Promise.reject(new Error(`a holder of connections ended at "${order.kind}"`)));
  const answer = Promise.race([once(child, 'message'), ended]);
  child.send(order);
  const [said] = (await answer) as [HolderAnswer];
  return said;
}
