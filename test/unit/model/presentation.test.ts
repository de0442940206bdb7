import assert from 'node:assert/strict';
import fc from 'fast-check';
import { backendStates } from '../../../src/model/backendState';
import { backendErrorCodes, type Failure } from '../../../src/model/failure';
import { failureText, failureWords } from '../../../src/model/failureText';
import {
  accessibleLabel,
  contextValue,
  isSlowerThanUsual,
  progressMessage,
  rowDescription,
  rowNextChangeInMs,
  steadyDescription,
} from '../../../src/model/presentation';
import { rowIcon } from '../../../src/model/rowIcon';
import type { BackendView, HoldView, ProbeRecord, StartFacts } from '../../../src/model/snapshot';
import { idleOf, viewOf } from './viewOf';

const connections: HoldView = { kind: 'connection', reason: '2 open connections' };
const byHand: HoldView = { kind: 'keepAwake', reason: 'kept awake by you' };
const exit1: Failure = { code: 'crashed', message: 'web exited', exitCode: 1, logTail: [] };
const wait = { attempt: 3, elapsedMs: 3_400, nextProbeInMs: 500, hardCeilingMs: 60_000 };

describe('row description', () => {
  const cases: readonly [string, BackendView][] = [
    ['stopped', viewOf('stopped', { publicPort: 3000 })],
    ['waiting', viewOf('waiting')],
    ['waiting for db', viewOf('waiting', { detail: 'waiting for db' })],
    ['starting', viewOf('starting')],
    ['starting · probe 4, next in 0.5 s', viewOf('starting', { spawnWait: wait })],
    ['starting · usually 8 s · probe 4, next in 0.5 s', viewOf('starting', { spawnWait: wait, typicalReadyMs: 8_000 })],
    [
      'starting · slower than usual: usually 1.2 s · probe 4, next in 0.5 s',
      viewOf('starting', { spawnWait: wait, typicalReadyMs: 1_200, slowAfterMs: 3_400 }),
    ],
    ['running', viewOf('starting', { spawnWait: wait, oneShot: true })],
    ['running · usually 8 s', viewOf('starting', { spawnWait: wait, oneShot: true, typicalReadyMs: 8_000 })],
    ['ready :3000 · sleeps in 20 s', viewOf('ready', { publicPort: 3000, idle: idleOf(20_000) })],
    ['ready :3000 · sleeps in 25 s', viewOf('ready', { publicPort: 3000, idle: idleOf(20_001) })],
    ['ready :3000 · sleeps in 15 min', viewOf('ready', { publicPort: 3000, idle: idleOf(900_000) })],
    ['ready · sleeps now', viewOf('ready', { idle: idleOf(0) })],
    ['ready :5432 · stays awake', viewOf('ready', { publicPort: 5432 })],
    ['ready :41000 · stays awake', viewOf('ready', { upstreamPort: 41000 })],
    [
      'not answering :3000 · sleeps in 20 s',
      viewOf('ready', { publicPort: 3000, idle: idleOf(20_000), notAnswering: { since: 1, saw: 'HTTP 500' } }),
    ],
    ['ready :3000 · stays awake', viewOf('ready', { publicPort: 3000, upstreamPort: 41000 })],
    ['ready :3000 · awake: 2 open connections', viewOf('ready', { publicPort: 3000, idle: idleOf(9, connections) })],
    ['ready · awake: kept awake by you (+1)', viewOf('ready', { idle: idleOf(9, byHand, connections) })],
    [
      'ready :3000 · restart to apply · sleeps in 20 s',
      viewOf('ready', { publicPort: 3000, restartToApply: true, idle: idleOf(20_000) }),
    ],
    ['done', viewOf('ready', { oneShot: true })],
    ['going to sleep', viewOf('draining', { publicPort: 3000, idle: idleOf(0) })],
    ['asleep', viewOf('quiesced', { publicPort: 3000, idle: idleOf(0) })],
    ['asleep · wakes at :3000', viewOf('quiesced', { publicPort: 3000, wakesOn: 'data' })],
    ['stopping', viewOf('stopping')],
    ['failed', viewOf('failed')],
    ['failed · exit 1', viewOf('failed', { failure: exit1 })],
    ['failed · exit 1 · restarts in 20 s', viewOf('failed', { failure: exit1, restartInMs: 16_000 })],
    ['failed · exit 1 · restarts shortly', viewOf('failed', { failure: exit1, restartInMs: 5_000 })],
    ['cannot start: unknown key "prot"', viewOf('stopped', { problem: 'unknown key "prot"' })],
    ['ready · stays awake', viewOf('ready', { problem: 'it runs on with what it was started with' })],
  ];
  for (const [text, view] of cases) {
    it(text, () => assert.equal(rowDescription(view), text));
  }

  it('counts from the age of the view', () => {
    const ready = viewOf('ready', { idle: idleOf(30_000) });
    assert.equal(rowDescription(ready, 9_999), 'ready · sleeps in 25 s');
    assert.equal(rowDescription(ready, 10_000), 'ready · sleeps in 20 s');
    assert.equal(rowDescription(ready, 99_000), 'ready · sleeps now');
    const failed = viewOf('failed', { restartInMs: 8_000 });
    assert.equal(rowDescription(failed, 2_999), 'failed · restarts in 10 s');
    assert.equal(rowDescription(failed, 3_000), 'failed · restarts shortly');
  });

  it('a row in its start shows the pause as decided, so that age alone never refreshes it', () => {
    const starting = viewOf('starting', { spawnWait: wait });
    assert.equal(rowDescription(starting, 400), rowDescription(starting));
    assert.equal(rowNextChangeInMs(starting), undefined);
  });

  it('text from outside cannot break the line', () => {
    const hostile = viewOf('waiting', { detail: 'waiting\n\u202efor \u001b[31mdb' });
    assert.equal(rowDescription(hostile), 'waiting for [31mdb');
  });

  it('changes by time exactly when it is said to', () => {
    const views = fc.oneof(
      fc.nat({ max: 1_000_000 }).map((ms) => viewOf('ready', { publicPort: 3000, idle: idleOf(ms) })),
      fc.nat({ max: 60_000 }).map((ms) => viewOf('failed', { failure: exit1, restartInMs: ms })),
    );
    fc.assert(
      fc.property(views, fc.nat({ max: 100_000 }), (view, ageMs) => {
        const inMs = rowNextChangeInMs(view, ageMs);
        const now = rowDescription(view, ageMs);
        if (inMs === undefined) {
          assert.equal(rowDescription(view, ageMs + 1_000_000), now);
          return;
        }
        assert.equal(rowDescription(view, ageMs + inMs - 1), now);
        assert.notEqual(rowDescription(view, ageMs + inMs), now);
      }),
    );
  });

  it('without time it says the same at any age', () => {
    assert.equal(steadyDescription(viewOf('ready', { publicPort: 3000, idle: idleOf(20_000) })), 'ready :3000');
    assert.equal(steadyDescription(viewOf('starting', { spawnWait: wait })), 'starting');
    assert.equal(steadyDescription(viewOf('failed', { failure: exit1, restartInMs: 9_000 })), 'failed · exit 1');
  });
});

describe('failure text', () => {
  const cases: readonly [string, Partial<Failure>][] = [
    ['exit 1', {}],
    ['exit 0', { code: 'exitedBeforeReady', exitCode: 0 }],

    ['port 3000 is taken', { code: 'portTaken', portHolder: { port: 3000, pid: 7 } }],
    ['port is taken', { code: 'portTaken' }],
    ['not ready in time', { code: 'readyTimeout' }],
    ['processes left behind', { leftovers: [{ pid: 7, startTime: '1', command: 'sleep' }] }],
  ];
  for (const [text, differences] of cases) {
    it(text, () => assert.equal(failureText({ ...exit1, ...differences }), text));
  }

  it('SIGKILL', () => {
    assert.equal(failureText({ code: 'crashed', message: '', signal: 'SIGKILL', logTail: [] }), 'SIGKILL');
  });

  it('every code has words of its own, short enough for a row', () => {
    const texts = backendErrorCodes.map((code) => failureText({ code, message: '', logTail: [] }));
    assert.equal(new Set(texts).size, backendErrorCodes.length);
    for (const text of texts) assert.ok(text.length > 0 && text.length <= 30, text);
  });
});

describe('several failures in one message', () => {
  const taken = (command: string): Failure => ({
    ...exit1,
    code: 'portTaken',
    portHolder: { port: 3000, pid: 7, command },
  });

  it('name what holds a port with its arguments, not with its folder', () => {
    const python = taken('/usr/lib/pyenv/versions/3.11.7/bin/python3 -m http.server 3000');
    assert.equal(failureWords(python), 'port 3000 is taken by process 7 (python3 -m http.server 3000)');
    assert.equal(failureWords(taken('nginx: master')), 'port 3000 is taken by process 7 (nginx: master)');
    assert.ok(failureWords(taken(`/bin/${'x'.repeat(300)}`)).length < 130);
  });
});

describe('row icon', () => {
  it('every state has its own', () => {
    const icons = backendStates.map((state) => rowIcon(viewOf(state)).icon);
    assert.equal(new Set(icons).size, backendStates.length);
  });

  it('only a start spins', () => {
    const spinning = backendStates.filter((state) => rowIcon(viewOf(state)).icon.includes('~spin'));
    assert.deepEqual(spinning, ['starting']);
  });

  it('a definition with a problem warns, unless the backend runs all the same', () => {
    assert.equal(rowIcon(viewOf('stopped', { problem: 'x' })).icon, 'warning');
    assert.equal(rowIcon(viewOf('ready', { problem: 'x' })).icon, 'pass-filled');
  });

  it('a one-shot that is done differs from a backend that runs', () => {
    assert.equal(rowIcon(viewOf('ready', { oneShot: true })).icon, 'pass');
  });
});

describe('accessible label', () => {
  const cases: readonly [string, BackendView][] = [
    ['web, stopped', viewOf('stopped')],
    ['web, stopped, needs a trusted workspace', viewOf('stopped', { untrusted: true })],
    ['web, ready, stays awake', viewOf('ready', { untrusted: true })],
    ['web, ready on port 3000, goes to sleep when unused', viewOf('ready', { publicPort: 3000, idle: idleOf(20_000) })],
    ['db, ready on port 5432, stays awake', viewOf('ready', { name: 'db', publicPort: 5432 })],
    ['web, ready, awake: 2 open connections', viewOf('ready', { idle: idleOf(9, connections) })],
    ['web, starting', viewOf('starting', { spawnWait: wait })],
    ['web, failed, exit 1', viewOf('failed', { failure: exit1, restartInMs: 4_000 })],
    ['web, asleep', viewOf('quiesced', { publicPort: 3000 })],
    ['web, asleep, wakes at port 3000', viewOf('quiesced', { publicPort: 3000, wakesOn: 'data' })],
    ['web, cannot start: no command', viewOf('stopped', { problem: 'no command' })],
  ];
  for (const [label, view] of cases) {
    it(label, () => assert.equal(accessibleLabel(view), label));
  }
});

describe('context value', () => {
  const idle = { idleTimeoutMs: 30_000, remainingMs: 30_000, holds: [] };
  const cases: readonly [string, BackendView][] = [
    ['backend.stopped', viewOf('stopped')],
    ['backend.ready.url', viewOf('ready', { url: 'http://localhost:3000/', idle })],
    ['backend.ready.awake.url', viewOf('ready', { url: 'http://localhost:3000/', keepAwakeUntil: 'forever', idle })],
    ['backend.ready.awake', viewOf('ready', { keepAwakeUntil: 5, idle })],
    ['backend.ready.neverSleeps', viewOf('ready')],
    ['backend.ready.oneShot', viewOf('ready', { oneShot: true })],
    ['backend.stopped.problem', viewOf('stopped', { problem: 'x' })],
    [
      'backend.failed.leftovers',
      viewOf('failed', {
        failure: {
          code: 'permissionDenied',
          message: '',
          logTail: [],
          leftovers: [{ pid: 7, startTime: '1', command: 'x' }],
        },
      }),
    ],
    ['backend.failed.oneShot', viewOf('failed', { oneShot: true })],
  ];
  for (const [value, view] of cases) {
    it(value, () => assert.equal(contextValue(view), value));
  }
});

describe('a start that takes long', () => {
  const view = viewOf('starting', { spawnWait: wait, typicalReadyMs: 1_000, slowAfterMs: 4_000 });

  it('reads differently at the moment it is slower than usual, and is told of it once', () => {
    assert.equal(rowNextChangeInMs(view), 600);
    assert.equal(isSlowerThanUsual(view, 599), false);
    assert.equal(isSlowerThanUsual(view, 600), true);
    assert.equal(rowNextChangeInMs(view, 600), undefined);
  });

  it('is not slow while nothing is known of others', () => {
    assert.equal(isSlowerThanUsual(viewOf('starting', { spawnWait: wait }), 999_999), false);
    assert.equal(isSlowerThanUsual(viewOf('ready', { slowAfterMs: 1 }), 999_999), false);
  });
});

describe('progress message', () => {
  const startOf = (probe: Pick<ProbeRecord, 'attempt' | 'reason'>): StartFacts => ({
    waits: [],
    probesMade: 1,
    lastProbe: { elapsedMs: 1, saw: 'refused', ok: false, ...probe },
  });
  const starting = (differences: Partial<BackendView>): BackendView =>
    viewOf('starting', { spawnWait: wait, ...differences });
  const cases: readonly [string, BackendView, number][] = [
    ['probe 4 · 3 s', starting({}), 0],
    ['probe 4: http /health → 503 · 3 s', starting({ detail: 'http /health → 503' }), 599],
    [
      'probe 4: http /health → 503 · 4 s, usually 8 s',
      starting({ detail: 'http /health → 503', typicalReadyMs: 8_000 }),
      600,
    ],
    [
      'probe 3 (schedule 100 ms): http /health → 503 · 3 s',
      starting({ detail: 'http /health → 503', start: startOf({ attempt: 2, reason: 'schedule 100 ms' }) }),
      0,
    ],
    [
      'extra probe (printed a line): refused · 3 s',
      starting({ detail: 'refused', start: startOf({ reason: 'printed a line' }) }),
      0,
    ],
    ['probe 4 · 3 s, slower than usual: usually 1 s', starting({ typicalReadyMs: 1_000, slowAfterMs: 3_500 }), 100],
    ['running · 3 s, usually 1 min', starting({ oneShot: true, typicalReadyMs: 60_000 }), 0],
    ['starting', viewOf('starting'), 0],
    ['waiting for db', viewOf('waiting', { detail: 'waiting for db' }), 0],
    ['failed · exit 1', viewOf('failed', { failure: exit1 }), 0],
  ];
  for (const [message, view, ageMs] of cases) {
    it(`${message} at the age of ${ageMs} ms`, () => assert.equal(progressMessage(view, ageMs), message));
  }
});
