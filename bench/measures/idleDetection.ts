import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { idleTimeoutMs, Matrix } from '../../test/integration/sleep/matrix';
import { scenarios, type Answer } from '../../test/integration/sleep/scenarios';
import { BrokerHarness } from '../../test/support/brokerHarness';
import type { Comparison, Measured } from '../support/comparison';
import { recordTraffic, type Detector, type Recorder } from '../support/peerDetectors';
import type { BenchContext } from '../support/runBench';

const sampleMs = 50;

type Answers = readonly Answer[];

interface Judged {
  readonly name: string;
  readonly answers: Answers;
}

/** The situations of the integration ring, judged by us and by the rules of others on the same traffic. */
export async function measureIdleDetection({ print, results }: BenchContext): Promise<Measured> {
  const recorders: Recorder[] = [];
  const harness = new BrokerHarness();
  const matrix = new Matrix(harness, false, async (index, port) => {
    const recorder = await recordTraffic(port);
    recorders[index] = recorder;
    return recorder.port;
  });
  try {
    print(`  ${scenarios.length} situations …`);
    await matrix.declare();
    await matrix.begin();
    const peers = judgePeers(recorders);
    const answers = await matrix.answers();
    const ours = scenarios.map(({ name }): Answer => answers[name] ?? 'asleep');
    const judged = [{ name: 'Local Backends, no gateway', answers: ours }, ...peers()];
    writeFileSync(join(results, 'idleDetection.md'), `${table(judged)}\n`);
    return { comparisons: compare(judged), notes: judged.map(summary) };
  } finally {
    matrix.dispose();
    for (const recorder of recorders) recorder.close();
    await harness.dispose();
  }
}

/** Begins to watch; what they have come to is told when it is asked for. */
function judgePeers(recorders: readonly Recorder[]): () => readonly Judged[] {
  const beginMs = performance.now();
  const stopped = recorders.map(({ detectors }) => detectors.map(() => false));
  const isIdle = (detector: Detector): boolean =>
    !detector.isActive() && performance.now() - Math.max(beginMs, detector.lastActiveMs()) >= idleTimeoutMs;
  const timer = setInterval(() => {
    for (const [index, { detectors }] of recorders.entries()) {
      const mine = stopped[index] ?? [];
      for (const [number, detector] of detectors.entries()) mine[number] ||= isIdle(detector);
    }
  }, sampleMs);
  return () => {
    clearInterval(timer);
    const [first] = recorders;
    return (first?.detectors ?? []).map(({ name, like }, number) => ({
      name: `${name} (${like})`,
      answers: stopped.map((mine): Answer => (mine[number] === true ? 'asleep' : 'awake')),
    }));
  };
}

function compare(judged: readonly Judged[]): readonly Comparison[] {
  const [ours, ...peers] = judged;
  const least = (count: (each: Judged) => number): number => Math.min(...peers.map(count));
  if (ours === undefined) return [];
  const unit = `of ${scenarios.length} situations`;
  return [
    {
      measure: 'put to sleep while in use',
      unit,
      ours: falseStops(ours),
      baseline: least(falseStops),
      target: { of: 'ours', atMost: 0 },
    },
    { measure: 'kept awake though unused', unit, ours: keptUnused(ours), baseline: least(keptUnused) },
  ];
}

const falseStops = ({ answers }: Judged): number =>
  scenarios.filter(({ right }, index) => right === 'awake' && answers[index] === 'asleep').length;
const keptUnused = ({ answers }: Judged): number =>
  scenarios.filter(({ right }, index) => right === 'asleep' && answers[index] === 'awake').length;

function summary(judged: Judged): string {
  return `${judged.name}: ${falseStops(judged)} put to sleep while in use, ${keptUnused(judged)} kept awake though unused.`;
}

function table(judged: readonly Judged[]): string {
  const heading = ['Situation', 'Right', ...judged.map(({ name }) => name)];
  const rows = scenarios.map(({ name, right }, index) => [
    name,
    right,
    ...judged.map(({ answers }) => (answers[index] === right ? 'right' : `**${answers[index] ?? ''}**`)),
  ]);
  return [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
