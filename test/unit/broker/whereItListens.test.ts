import assert from 'node:assert/strict';
import { WhereItListens } from '../../../src/broker/whereItListens';
import type { ListeningPlace } from '../../../src/model/listeningWords';
import { ManualClock } from '../vscode/manualClock';
import { pass } from './steps';

function explained(): {
  clock: ManualClock;
  where: WhereItListens;
  facts: { places: () => Promise<readonly ListeningPlace[]>; waits: boolean; changes: number; looks: number };
} {
  const clock = new ManualClock();
  const facts = { places: () => Promise.resolve<readonly ListeningPlace[]>([]), waits: true, changes: 0, looks: 0 };
  const where = new WhereItListens({
    clock,
    port: 5173,
    waits: () => facts.waits,
    changed: () => facts.changes++,
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

  it('says nothing of what cannot be seen', async () => {
    const { clock, where, facts } = explained();
    facts.places = () => Promise.reject(new Error('no table'));
    await pass(clock, 1_000);
    assert.equal(where.explain('connection refused'), 'connection refused');
    where.dispose();
  });
});
