import assert from 'node:assert/strict';
import { WhereItListens, type Adopting } from '../../../src/broker/whereItListens';
import type { ListeningPlace } from '../../../src/model/listeningWords';
import { ManualClock } from '../vscode/manualClock';
import { pass } from './steps';

function explained(adopting?: Adopting): {
  clock: ManualClock;
  where: WhereItListens;
  facts: {
    places: () => Promise<readonly ListeningPlace[]>;
    waits: boolean;
    changes: number;
    looks: number;
    moved: boolean;
  };
} {
  const clock = new ManualClock();
  const facts = {
    places: () => Promise.resolve<readonly ListeningPlace[]>([]),
    waits: true,
    changes: 0,
    looks: 0,
    moved: true,
  };
  const where = new WhereItListens({
    clock,
    port: 5173,
    waits: () => facts.waits,
    moved: () => facts.moved,
    changed: () => facts.changes++,
    ...(adopting === undefined ? {} : { adopting }),
    places: () => {
      facts.looks++;
      return facts.places();
    },
  });
  return { clock, where, facts };
}

const elsewhere: readonly ListeningPlace[] = [{ port: 5174, address: '::1' }];

describe('WhereItListens', () => {
  it('says where it listens instead, once it is known, and takes it back', async () => {
    const { clock, where, facts } = explained();
    facts.places = () => Promise.resolve(elsewhere);
    await pass(clock, 490);
    assert.equal(where.explain('connection refused'), 'connection refused');
    await pass(clock, 10);
    assert.equal(where.explain('connection refused'), 'connection refused; it listens on port 5174 instead of 5173');
    assert.equal(facts.changes, 1);
    facts.places = () => Promise.resolve([]);
    await pass(clock, 1_000);
    assert.equal(where.explain('connection refused'), 'connection refused');
    assert.equal(facts.changes, 2);
    where.dispose();
  });

  it('looks less and less often, and not at all while it is reached', async () => {
    const { clock, where, facts } = explained();
    await pass(clock, 20_000, 100);
    assert.equal(facts.looks, 7);
    facts.waits = false;
    await pass(clock, 20_000, 100);
    assert.equal(facts.looks, 7);
    where.dispose();
    assert.equal(clock.pending, 0);
  });

  it('does not look again while nothing on the machine has begun to listen', async () => {
    const { clock, where, facts } = explained();
    facts.places = () => Promise.resolve(elsewhere);
    await pass(clock, 600);
    facts.moved = false;
    await pass(clock, 20_000, 100);
    assert.equal(facts.looks, 1);
    assert.equal(where.explain('connection refused'), 'connection refused; it listens on port 5174 instead of 5173');
    facts.moved = true;
    await pass(clock, 5_000, 100);
    assert.equal(facts.looks, 2);
    where.dispose();
  });

  function adopter(facts: Partial<Adopting> = {}): { readonly adopting: Adopting; readonly ports: number[] } {
    const ports: number[] = [];
    const printed = (): Promise<readonly string[]> => Promise.resolve([]);
    const adopt = (port: number): void => void ports.push(port);
    return { ports, adopting: { publicPort: 3000, tookBefore: undefined, printed, adopt, ...facts } };
  }

  it('adopts the port it took once, when it has stayed there for three seconds, and says no more of it', async () => {
    const { adopting, ports } = adopter();
    const { clock, where, facts } = explained(adopting);
    facts.places = () => Promise.resolve(elsewhere);
    await pass(clock, 3_490, 10);
    assert.deepEqual(ports, []);
    await pass(clock, 20, 10);
    assert.deepEqual(ports, [5174]);
    assert.equal(where.explain('HTTP 503'), 'HTTP 503');
    await pass(clock, 20_000, 100);
    assert.deepEqual(ports, [5174]);
    where.dispose();
  });

  it('adopts sooner what its output names, and at once what it took before', async () => {
    const printing = adopter({ printed: () => Promise.resolve(['on :5174']) });
    const before = adopter({ tookBefore: 5174 });
    for (const [{ adopting, ports }, afterMs] of [
      [printing, 1_510],
      [before, 510],
    ] as const) {
      const { clock, where, facts } = explained(adopting);
      facts.places = () => Promise.resolve(elsewhere);
      await pass(clock, afterMs, 10);
      assert.deepEqual(ports, [5174]);
      where.dispose();
    }
  });

  it('counts anew when it went from there, and goes back to where it shall be', async () => {
    const { adopting, ports } = adopter();
    const { clock, where, facts } = explained(adopting);
    facts.places = () => Promise.resolve(elsewhere);
    await pass(clock, 1_600, 10);
    facts.places = () => Promise.resolve([]);
    await pass(clock, 2_000, 10);
    assert.deepEqual(ports, []);
    facts.places = () => Promise.resolve(elsewhere);
    await pass(clock, 12_000, 10);
    assert.deepEqual(ports, [5174]);
    facts.places = () => Promise.resolve([...elsewhere, { port: 5173, address: '::1' }]);
    await pass(clock, 8_000, 10);
    assert.deepEqual(ports, [5174, 5173]);
    where.dispose();
  });

  it('says nothing of what cannot be seen', async () => {
    const { clock, where, facts } = explained();
    facts.places = () => Promise.reject(new Error('no table'));
    await pass(clock, 1_000);
    assert.equal(where.explain('connection refused'), 'connection refused');
    where.dispose();
  });
});
