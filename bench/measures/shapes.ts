import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allocatePort, isPortFree } from '../../src/platform/net/freePort';
import { BrokerHarness } from '../../test/support/brokerHarness';
import { makeControlGroup, removeGroups } from '../../test/support/controlGroup';
import { repositoryRoot } from '../../test/support/repositoryRoot';
import { Bystanders } from '../../test/integration/shapes/bystanders';
import { Place } from '../../test/integration/shapes/place';
import { faultsOf, shapesTable, summaryOf } from '../shapes/report';
import { shapes, type Shape } from '../../test/integration/shapes/shapes';
import { waitUntil } from '../../test/support/waitUntil';
import { runTrial, type Ground, type Judged } from '../../test/integration/shapes/trial';
import { ours, oursStrict, type Way } from '../../test/integration/shapes/way';
import { peers } from '../shapes/peers';
import type { Measured } from '../support/comparison';
import type { BenchContext } from '../support/runBench';

/** Of the strict broker, and of all cells. */
const groupNames = [`local-backends-strict-${process.pid}`, `local-backends-cell-${process.pid}-`] as const;

/** What a stop leaves behind, whom it hits, and how often it tells: each shape, stopped in each way. */
export async function measureShapes({ scratch, results, only, print }: BenchContext): Promise<Measured> {
  const chosen = shapes.filter(({ name }) => name.includes(only));
  const packages = installPackages(results);
  const harness = new BrokerHarness();
  const ground = groundIn(scratch, packages);
  const place = new Place(join(scratch, 'bystanders'), 0, ground.bin);
  mkdirSync(place.folder);
  const neighbour = { command: place.lasting('neighbour'), ready: 'none' };
  const bystanders = new Bystanders(place, ['neighbour']);
  try {
    await harness.declare({ neighbour });
    await harness.start('neighbour');
    await bystanders.open();
    const strict = await openStrict();
    const ways: readonly Way[] = [ours(harness, { neighbour }), ...strict.ways, ...peers(packages)];
    const outcomes = await runAll(chosen, ways, ground, bystanders, print).finally(strict.close);
    writeFileSync(join(results, 'shapes.md'), `${shapesTable(outcomes)}\n`);
    return { ...summaryOf(outcomes), faults: faultsOf(outcomes) };
  } finally {
    await bystanders.close();
    await harness.dispose();
    const gone = (): boolean => groupNames.every(removeGroups);
    await waitUntil('the groups of the dead to go', gone, 10_000).catch((error: unknown) => print(String(error)));
  }
}

/** A broker inside a control group: with `stop.strict` it makes others there. None where no group can be made. */
async function openStrict(): Promise<{ readonly ways: readonly Way[]; readonly close: () => Promise<void> }> {
  const group = makeControlGroup(groupNames[0]);
  if (group === undefined) return { ways: [], close: () => Promise.resolve() };
  writeFileSync(group.door, String(process.pid));
  const harness = new BrokerHarness();
  await harness.declare({ first: { command: ['true'], oneShot: true } });
  await harness.start('first');
  return {
    ways: [oursStrict(harness, group)],
    close: async () => {
      await harness.dispose();
      group.close();
    },
  };
}

async function runAll(
  chosen: readonly Shape[],
  ways: readonly Way[],
  ground: Ground,
  bystanders: Bystanders,
  print: BenchContext['print'],
): Promise<readonly Judged[]> {
  const outcomes: Judged[] = [];
  for (const shape of chosen) {
    for (const way of ways) {
      const outcome = await runTrial(shape, way, ground);
      const judged = { ...outcome, escapes: shape.escapes === true, hit: bystanders.hit() };
      outcomes.push(judged);
      print(`  ${shape.name}, ${way.name}: ${JSON.stringify({ ...judged, shape: undefined, way: undefined })}`);
    }
  }
  return outcomes;
}

function groundIn(scratch: string, packages: string): Ground {
  const taken = new Set<number>();
  return {
    scratch,
    bin: join(packages, 'node_modules', '.bin'),
    env: {
      ...{ PATH: process.env['PATH'] ?? '', HOME: scratch },
      ...{ NEXT_TELEMETRY_DISABLED: '1', npm_config_update_notifier: 'false', npm_config_offline: 'true' },
    },
    nextPort: async () => {
      const port = (await allocatePort(isPortFree, taken)) ?? 0;
      taken.add(port);
      return port;
    },
  };
}

/** Installs the runners and watchers once, below the folder of the results. */
function installPackages(results: string): string {
  const folder = join(results, 'shapes-peers');
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(repositoryRoot, 'bench', 'shapes', 'package.json'), join(folder, 'package.json'));
  if (!existsSync(join(folder, 'node_modules', 'tsc-watch'))) {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' });
  }
  const vite = join(folder, 'node_modules', '.bin', 'vite');
  if (!existsSync(vite)) symlinkSync(join(repositoryRoot, 'node_modules', '.bin', 'vite'), vite);
  return folder;
}
