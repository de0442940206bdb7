import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BrokerHarness } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { repositoryRoot } from '../../support/repositoryRoot';
import { waitUntil } from '../../support/waitUntil';

interface Holds {
  readonly descriptors: number;
  readonly watches: number;
  readonly timers: number;
}

/** What a broker holds of the kernel's things, and of its own loop. */
async function holdsOf(b: BrokerHarness): Promise<Holds> {
  const pid = b.brokerPid ?? 0;
  const counted = `${b.stateDir}.timers`;
  rmSync(counted, { force: true });
  process.kill(pid, 'SIGUSR2');
  const timers = await waitUntil('the count of timers', () => readIfThere(counted));
  const descriptors = readdirSync(`/proc/${pid}/fdinfo`);
  const infos = descriptors.map((fd) => readIfThere(`/proc/${pid}/fdinfo/${fd}`) ?? '');
  const watches = infos.join('\n').match(/^inotify /gm)?.length ?? 0;
  return { descriptors: descriptors.length, watches, timers: Number(timers) };
}

/** What is put off a moment on purpose (orders to the leash, the memory of starts) is done then. */
async function untilAtRest(b: BrokerHarness, mostDescriptors = Infinity): Promise<Holds> {
  let holds: Holds | undefined;
  const atRest = async (): Promise<Holds | undefined> => {
    holds = await holdsOf(b);
    const { descriptors, watches, timers } = holds;
    return watches === 0 && timers === 0 && descriptors <= mostDescriptors ? holds : undefined;
  };
  return waitUntil(
    () => `no watch, no timer, at most ${mostDescriptors} descriptors: ${JSON.stringify(holds)}`,
    atRest,
    20_000,
  );
}

/** Undefined when it is not there (any more), or empty. */
function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1') || undefined;
  } catch {
    return undefined;
  }
}

describe('what two hundred starts take', function () {
  this.timeout(120_000);
  const script = join(repositoryRoot, 'out', 'test', 'integration', 'broker', 'countedBrokerMain.js');
  let broker: BrokerHarness | undefined;
  afterEach(() => broker?.dispose());
  useLeakCheck(10_000);

  it('is given back by the broker when they are stopped: descriptors, watches, timers', async () => {
    const b = (broker = new BrokerHarness({}, script));
    const prints = { command: ['sh', '-c', 'echo up; exec sleep 600'], ready: { log: 'up' } };
    const waits = { command: ['sleep', '600'], ready: { log: 'never said', timeout: '10m' } };
    const plain = { command: ['sleep', '600'], ready: 'none' };
    const names = Array.from({ length: 200 }, (_, index) => `one${index}`);
    const all = names.map((name, index) => [name, index % 5 === 0 ? prints : plain] as const);
    await b.declare({ ...Object.fromEntries(all), waits });
    const start = b.start('waits').catch((error: unknown) => error);
    await b.waitFor('waits', ({ pid }) => pid !== undefined);
    const waiting = await holdsOf(b);
    assert.equal(waiting.watches, 1, 'what is taken is seen');
    assert.ok(waiting.timers > 0, 'what is taken is seen');
    await b.stop('waits');
    await start;
    const before = await untilAtRest(b);
    await Promise.all(names.map((name) => b.start(name)));
    await Promise.all(names.map((name) => b.stop(name)));
    await untilAtRest(b, before.descriptors);
  });
});
