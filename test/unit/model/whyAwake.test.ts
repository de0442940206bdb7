import assert from 'node:assert/strict';
import type { BackendDetails, HoldView } from '../../../src/model/snapshot';
import { holdReason, holdWithAge } from '../../../src/model/holdWords';
import { rowDescription } from '../../../src/model/presentation';
import { whyAwake } from '../../../src/model/whyAwake';
import { idleOf, viewOf } from './viewOf';

const nowMs = 1_000_000;
const details: BackendDetails = {
  key: '/work#web',
  command: 'x',
  environmentNames: [],
  timeline: [],
  probes: [],
  observed: 'connections',
  lastUse: { at: nowMs - 12_000, what: 'a connection was closed' },
};
const timeOfDay = (epochMs: number): string => `t${epochMs / 1_000}`;
const answer = (view: ReturnType<typeof viewOf>, known: BackendDetails | undefined = details): readonly string[] =>
  whyAwake({ view, details: known, nowMs, timeOfDay }).lines;

describe('why is it awake', () => {
  it('names every hold with its age, and when it will sleep', () => {
    const request: HoldView = { kind: 'request', reason: 'GET /report in flight', since: nowMs - 41_000 };
    const dependent: HoldView = { kind: 'dependent', reason: 'web depends on it', since: nowMs - 180_000 };
    const several = { ...request, reason: 'GET /report in flight and 3 more' };
    assert.deepEqual(answer(viewOf('ready', { idle: idleOf(0, request, several, dependent) })), [
      'Held by: GET /report in flight 41 s.',
      'Held by: GET /report in flight and 3 more, for 41 s.',
      'Held by: web depends on it, for 3 min.',
      'It goes to sleep 30 s after the last of that has ended.',
      'Last use: a connection was closed, 12 s ago (t988).',
      'Observed: connections.',
    ]);
  });

  it('tells the countdown when nothing holds it', () => {
    const [first] = answer(viewOf('ready', { idle: idleOf(18_000) }));
    assert.equal(
      first,
      'Nothing holds it. It goes to sleep in 18 s, at t1018, if nobody uses it (its idle timeout is 30 s).',
    );
  });

  it('tells the end of a keep-awake instead of its age', () => {
    const kept: HoldView = { kind: 'keepAwake', reason: 'kept awake by you', since: 0 };
    const view = viewOf('ready', { idle: idleOf(0, kept), keepAwakeUntil: 2_000_000 });
    assert.equal(answer(view)[0], 'Held by: you, until t2000.');
    assert.equal(answer({ ...view, keepAwakeUntil: 'forever' })[0], 'Held by: you, until released.');
  });

  it('answers in every state', () => {
    for (const state of [
      'stopped',
      'waiting',
      'starting',
      'ready',
      'draining',
      'quiesced',
      'stopping',
      'failed',
    ] as const) {
      assert.ok(answer(viewOf(state), undefined).length > 0, state);
    }
    assert.match(answer(viewOf('quiesced', { lastVerdict: 'asleep: nobody used it' }))[0] ?? '', /nobody used it/);
    assert.match(answer(viewOf('ready'))[0] ?? '', /never goes to sleep/);
    assert.match(answer(viewOf('ready', { oneShot: true }))[0] ?? '', /one-shot/);
  });

  it('asks the other way round for one that is not awake', () => {
    const stopped = { ...viewOf('stopped'), lastVerdict: 'woken by GET /' };
    assert.ok(
      !whyAwake({ view: stopped, details, nowMs, timeOfDay }).lines.join().includes('woken'),
      'no reason of a stop',
    );
    assert.equal(whyAwake({ view: viewOf('stopped'), details, nowMs, timeOfDay }).question, 'Why is it not awake?');
    assert.equal(whyAwake({ view: viewOf('ready'), details, nowMs, timeOfDay }).question, 'Why is it awake?');
  });
});

describe('words of a hold', () => {
  it('stand in for a reason that another client left out', () => {
    const foreign: unknown = JSON.parse('{"kind":"debug"}');
    assert.equal(holdReason(foreign as HoldView), 'a debug session');
    assert.equal(holdReason(JSON.parse('{"kind":"newer","reason":7}') as HoldView), 'something that names no reason');
    assert.equal(
      rowDescription(viewOf('ready', { idle: idleOf(0, foreign as HoldView) })),
      'ready · awake: a debug session',
    );
  });

  it('are one harmless line', () => {
    assert.equal(holdReason({ kind: 'api', reason: 'a\u202e\nb' }), 'a b');
  });

  it('tell no age that is not known or lies ahead', () => {
    assert.equal(holdWithAge({ kind: 'api', reason: 'tests' }, { nowMs }), 'tests');
    assert.equal(holdWithAge({ kind: 'api', reason: 'tests', since: nowMs + 1 }, { nowMs }), 'tests');
    assert.equal(holdWithAge({ kind: 'api', reason: 'tests', since: nowMs }, { nowMs }), 'tests, for 0 s');
  });
});
