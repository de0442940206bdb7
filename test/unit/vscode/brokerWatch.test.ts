import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemClock } from '../../../src/platform/systemClock';
import type { Clock } from '../../../src/base/clock';
import { Emitter } from '../../../src/base/event';
import type { LinkState, LinkStateChange } from '../../../src/protocol/brokerLink';
import { BrokerWatch } from '../../../src/vscode/brokerWatch';
import { waitUntil } from '../../support/waitUntil';
import { ManualClock } from './manualClock';

interface Fixture {
  readonly watch: BrokerWatch;
  readonly become: (state: LinkState) => void;
  readonly focus: Emitter<void>;
  readonly looks: () => number;
}

function setUp(clock: Clock, recordDirectory = '/nowhere'): Fixture {
  const states = new Emitter<LinkStateChange>();
  const focus = new Emitter<void>();
  let state: LinkState = 'idle';
  let looks = 0;
  const link = {
    get state() {
      return state;
    },
    connectExisting: () => {
      looks++;
      return Promise.resolve(false);
    },
    onDidChangeState: states.event,
  };
  const logger = { log: () => {} };
  const watch = new BrokerWatch({ link, recordDirectory, onDidFocus: focus.event, clock, logger });
  const become = (next: LinkState): void => {
    state = next;
    states.fire({ state: next });
  };
  return { watch, become, focus, looks: () => looks };
}

describe('BrokerWatch', () => {
  it('looks_for_a_broker_when_the_person_comes_back', () => {
    const clock = new ManualClock();
    const { watch, become, focus, looks } = setUp(clock);
    focus.fire();
    clock.advance(0);
    assert.equal(looks(), 1);
    become('connected');
    focus.fire();
    clock.advance(10_000);
    assert.equal(looks(), 1);
    watch.dispose();
    assert.equal(clock.pending, 0);
  });

  it('looks_once_more_a_moment_after_the_broker_has_gone', () => {
    for (const state of ['lost', 'idle'] as const) {
      const clock = new ManualClock();
      const { become, looks } = setUp(clock);
      become('connected');
      become(state);
      clock.advance(999);
      assert.equal(looks(), 0);
      clock.advance(60_000);
      assert.equal(looks(), 1);
    }
  });

  it('looks_when_a_broker_announces_itself', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'lb-watch-'));
    const { watch, looks } = setUp(createSystemClock(), join(directory, 'v1'));
    try {
      await watch.begin();
      await writeFile(join(directory, 'v1', 'broker-1.json'), '{}');
      await waitUntil('it has looked', () => looks() > 0);
    } finally {
      watch.dispose();
      await rm(directory, { recursive: true });
    }
  });
});
