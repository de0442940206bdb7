import { join } from 'node:path';
import type { Comparison, Measured } from '../support/comparison';
import {
  findNodePty,
  linesIn,
  linesKeptAfterKill,
  reportOf,
  type LogHostReport,
  type LogWay,
} from '../support/logHost';
import type { BenchContext } from '../support/runBench';

/** 24 MB: what the two files of a log hold, so that a line that is missing was lost. */
const lines = 250_000;
const megabytes = (lines * 97) / 1e6;

interface Seen extends LogHostReport {
  readonly lost: number;
  readonly lostByKill: number;
}

/** A loud program: what carrying its output costs the host, and what is left when the host is killed meanwhile. */
export async function measureLogs({ scratch, print }: BenchContext): Promise<Measured> {
  const nodePty = findNodePty();
  const peers: readonly LogWay[] = nodePty === undefined ? ['pipe'] : ['pipe', 'pty'];
  const seen = new Map<LogWay, Seen>();
  for (const way of ['pump', ...peers] as const) {
    const run = (name: string): Parameters<typeof reportOf>[0] => {
      return { way, lines, nodePty: nodePty ?? '', logFile: join(scratch, `${way}-${name}.log`) };
    };
    const report = await reportOf(run('whole'));
    const lost = lines - linesIn(run('whole').logFile);
    const lostByKill = lines - (await linesKeptAfterKill(run('killed')));
    seen.set(way, { ...report, lost, lostByKill });
    print(`  ${way}: ${JSON.stringify(seen.get(way))}`);
  }
  const ours = seen.get('pump');
  const comparisons = peers.flatMap((way): Comparison[] => {
    const peer = seen.get(way);
    if (ours === undefined || peer === undefined) return [];
    const than = way === 'pty' ? 'node-pty' : 'a pipe into the host';
    const figure = (measure: string, unit: string, of: (each: Seen) => number): Comparison => {
      return { measure: `logs, beside ${than}: ${measure}`, unit, ours: of(ours), baseline: of(peer) };
    };
    const none = { of: 'ours', atMost: 0 } as const;
    return [
      figure('throughput', 'MB/s', ({ elapsedMs }) => megabytes / (elapsedMs / 1_000)),
      { ...figure('processor time of the host', 'ms', ({ cpuMs }) => cpuMs), target: { of: 'ratio', atMost: 1 } },
      figure('longest wait in the host', 'ms', ({ longestWaitMs }) => longestWaitMs),
      { ...figure('lines lost', 'lines', ({ lost }) => lost), target: none },
      { ...figure('lines lost when the host is killed', 'lines', ({ lostByKill }) => lostByKill), target: none },
    ];
  });
  const without = nodePty === undefined ? ['node-pty was not measured: no provisioned VS Code server brings it.'] : [];
  return { comparisons, notes: [`logs: ${lines} lines, ${megabytes.toFixed(0)} MB, into a file.`, ...without] };
}
