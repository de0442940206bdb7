import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runReportedChild } from './reportedChild';
import { noCounts, type RingContext, type RingCounts, type RingName } from './ring';

export interface MochaRingOptions {
  readonly name: RingName;
  readonly killAfterMs: number;
  readonly testTimeoutMs: number;
  readonly tries: 1 | 2;
}

/** Runs `out/test/<ring>` under plain mocha. */
export async function runMochaRing(context: RingContext, options: MochaRingOptions): Promise<RingCounts> {
  if (!existsSync(join(context.root, 'out', 'test', options.name))) return noCounts;
  const grep = context.grep === undefined ? [] : [context.grep];
  const args = [options.name, String(options.testTimeoutMs), String(options.tries), ...grep];
  return await runReportedChild(context, { main: 'mochaMain.js', args, killAfterMs: options.killAfterMs });
}
