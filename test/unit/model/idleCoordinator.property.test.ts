import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BackendIdleCoordinator, BackendIdlePolicy, type IdleTimeout } from '../../../src/model/idleCoordinator';

const defaultTimeoutMs = 100;

type Step =
  | { readonly do: 'mark' | 'drain' | 'quiesce' | 'remove'; readonly key: string }
  | { readonly do: 'markWith'; readonly key: string; readonly timeout: IdleTimeout }
  | { readonly do: 'acquire' | 'release'; readonly key: string; readonly lease: string }
  | { readonly do: 'collect' | 'resume' }
  | { readonly do: 'wait'; readonly ms: number };

const key = fc.constantFrom('a', 'b', 'c');
const lease = fc.constantFrom('x', 'y');
const timeout = fc.constantFrom<IdleTimeout>(0, 1, 2, 50, 100, 'never');

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('mark', 'drain', 'quiesce', 'remove'), key }),
  fc.record({ do: fc.constant('markWith'), key, timeout }),
  fc.record({ do: fc.constantFrom('acquire', 'release'), key, lease }),
  fc.record({ do: fc.constantFrom('collect', 'resume') }),
  fc.record({ do: fc.constant('wait'), ms: fc.integer({ min: -60, max: 120 }) }),
);

interface Facts {
  lastUseMs: number;
  timeoutMs: number;
  state: 'running' | 'draining' | 'quiesced';
  /** Told as due since the last fresh activity. */
  told: boolean;
}

/** The rules told a second time, as plainly as possible: every question walks over everything. */
class Reference {
  nowMs = 1_000;
  readonly facts = new Map<string, Facts>();
  readonly held = new Set<string>();

  use(name: string, timeoutMs: number): void {
    this.facts.set(name, { lastUseMs: this.nowMs, timeoutMs, state: 'running', told: false });
  }

  isHeld(name: string): boolean {
    return [...this.held].some((entry) => entry.startsWith(`${name}/`));
  }

  /** Deadlines of the countdowns that run. */
  deadlines(): Map<string, number> {
    const running = [...this.facts].filter(([name, f]) => f.state === 'running' && !this.isHeld(name));
    return new Map(running.map(([name, f]) => [name, f.lastUseMs + f.timeoutMs]));
  }

  take(name: string, id: string): void {
    const facts = this.facts.get(name);
    if (!this.held.has(`${name}/${id}`) && facts !== undefined && facts.state !== 'quiesced') {
      this.use(name, facts.timeoutMs);
    }
    this.held.add(`${name}/${id}`);
  }

  giveBack(name: string, id: string): boolean {
    const was = this.held.delete(`${name}/${id}`);
    const facts = this.facts.get(name);
    if (was && !this.isHeld(name) && facts !== undefined) facts.lastUseMs = this.nowMs;
    return was;
  }

  resume(): void {
    for (const facts of this.facts.values()) if (facts.state === 'running') facts.lastUseMs = this.nowMs;
  }

  to(name: string, state: Facts['state']): boolean {
    const facts = this.facts.get(name);
    if (facts !== undefined) facts.state = state;
    return facts !== undefined;
  }
}

/** Takes the step on both sides, whose answers must be the same. */
function apply(real: BackendIdleCoordinator, reference: Reference, now: Step): void {
  const { nowMs } = reference;
  switch (now.do) {
    case 'mark':
      real.markActivity(now.key, nowMs);
      reference.use(now.key, defaultTimeoutMs);
      break;
    case 'markWith':
      real.markActivityWithTimeout(now.key, nowMs, now.timeout);
      reference.use(now.key, now.timeout === 'never' ? Infinity : Math.max(1, now.timeout));
      break;
    case 'drain':
      assert.equal(real.markDraining(now.key), reference.to(now.key, 'draining'));
      break;
    case 'quiesce':
      assert.equal(real.markQuiesced(now.key), reference.to(now.key, 'quiesced'));
      break;
    case 'remove':
      assert.equal(real.removeBackend(now.key), reference.facts.delete(now.key));
      break;
    case 'acquire':
      real.acquireLease(now.key, now.lease, nowMs);
      reference.take(now.key, now.lease);
      break;
    case 'release':
      assert.equal(real.releaseLease(now.key, now.lease, nowMs), reference.giveBack(now.key, now.lease));
      break;
    case 'resume':
      real.restartCountdowns(nowMs);
      reference.resume();
      break;
    case 'collect':
      collect(real, reference);
      break;
    case 'wait':
      reference.nowMs += now.ms;
  }
}

function collect(real: BackendIdleCoordinator, reference: Reference): void {
  const { nowMs } = reference;
  const deadlines = [...reference.deadlines()].filter(([, atMs]) => atMs <= nowMs);
  const expected = deadlines.sort(([a, x], [b, y]) => x - y || a.localeCompare(b)).map(([name]) => name);
  const due = real.collectDueForQuiesce(nowMs);
  assert.deepEqual(
    due.map((item) => item.key),
    expected,
    'exactly the running, unheld backends whose timeout has passed, by deadline, then key',
  );
  for (const item of due) {
    const facts = reference.facts.get(item.key);
    assert.ok(facts !== undefined);
    assert.equal(facts.told, false, 'due at most once per quiet period');
    assert.ok(item.idleForMs >= item.configuredTimeoutMs, 'idle for at least its timeout');
    assert.deepEqual([item.idleForMs, item.configuredTimeoutMs], [nowMs - facts.lastUseMs, facts.timeoutMs]);
    facts.told = true;
    facts.state = 'draining';
  }
}

function checkInvariants(real: BackendIdleCoordinator, reference: Reference): void {
  const finite = [...reference.deadlines().values()].filter((atMs) => atMs !== Infinity);
  assert.equal(real.nextDeadlineMs(), finite.length === 0 ? undefined : Math.min(...finite), 'one timer for all');
  for (const name of ['a', 'b', 'c']) {
    assert.equal(real.stateOf(name), reference.facts.get(name)?.state);
    const remainingMs = real.remainingMs(name, reference.nowMs);
    const deadline = reference.deadlines().get(name);
    assert.equal(remainingMs !== undefined, deadline !== undefined && deadline !== Infinity, 'a countdown has an end');
    if (remainingMs === undefined) continue;
    const timeoutMs = reference.facts.get(name)?.timeoutMs ?? 0;
    assert.ok(remainingMs >= 0 && remainingMs <= timeoutMs, 'a countdown shows 0 to the timeout');
  }
}

function run(steps: readonly Step[]): { real: BackendIdleCoordinator; reference: Reference } {
  const real = new BackendIdleCoordinator(new BackendIdlePolicy(defaultTimeoutMs));
  const reference = new Reference();
  for (const now of steps) {
    apply(real, reference, now);
    checkInvariants(real, reference);
  }
  return { real, reference };
}

const steps = fc.array(step, { maxLength: 40 });

describe('idle coordination, whatever the order of events', () => {
  it('agrees with the rules told plainly', () => {
    fc.assert(
      fc.property(steps, (all) => {
        run(all);
      }),
      { numRuns: 300 },
    );
  });

  it('a timer set for nextDeadlineMs finds something due then, and nothing before', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { real } = run(all);
        const deadlineMs = real.nextDeadlineMs();
        if (deadlineMs === undefined) {
          assert.deepEqual(real.collectDueForQuiesce(Number.MAX_SAFE_INTEGER), []);
          return;
        }
        assert.deepEqual(real.collectDueForQuiesce(deadlineMs - 1), []);
        assert.equal(real.nextDeadlineMs(), deadlineMs, 'looking too early changes nothing');
        assert.notDeepEqual(real.collectDueForQuiesce(deadlineMs), []);
        assert.ok((real.nextDeadlineMs() ?? Infinity) > deadlineMs, 'the next timer is a later one');
      }),
    );
  });

  it('following the timers until none is left tells every countdown once', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { real, reference } = run(all);
        const expected = [...reference.deadlines()].filter(([, atMs]) => atMs !== Infinity).map(([name]) => name);
        const told: string[] = [];
        for (let atMs = real.nextDeadlineMs(); atMs !== undefined; atMs = real.nextDeadlineMs()) {
          told.push(...real.collectDueForQuiesce(atMs).map((due) => due.key));
          assert.ok(told.length <= 3, 'no backend is told twice');
        }
        assert.deepEqual(told.sort(), expected.sort());
      }),
    );
  });

  it('time running backwards never makes anything due', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 10_000 }), { minLength: 1 }), fc.nat({ max: 50 }), (jumpsMs, timeoutMs) => {
        const coordinator = new BackendIdleCoordinator();
        coordinator.markActivityWithTimeout('a', 1_000_000, timeoutMs);
        let nowMs = 1_000_000;
        for (const jumpMs of jumpsMs) {
          nowMs -= jumpMs;
          assert.deepEqual(coordinator.collectDueForQuiesce(nowMs), []);
          assert.equal(coordinator.remainingMs('a', nowMs), Math.max(1, timeoutMs));
        }
      }),
    );
  });
});
