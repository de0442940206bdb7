import assert from 'node:assert/strict';
import { hoverLines, hoverOutput, hoverProbes } from '../../../src/model/rowHover';
import type { BackendDetails, BackendView } from '../../../src/model/snapshot';
import { idleOf, viewOf } from './viewOf';

const probe = { elapsedMs: 90, reason: 'schedule', saw: 'connection refused', ok: false };
const details: BackendDetails = {
  ...{ key: '/work#web', command: 'npm run dev', environmentNames: ['PORT'], observed: 'its port', startedAt: 1_000 },
  ...{ readyAfterMs: 1_100, sleepsAt: 31_000, strict: true, timeline: [] },
  pastStarts: { readyMs: [1_000, 1_100], failedMs: [] },
  probes: [probe, probe, { ...probe, saw: 'HTTP 200', ok: true }],
};
const timeOfDay = (epochMs: number): string => `t${epochMs}`;
const told = (view: BackendView, about?: BackendDetails): readonly string[] =>
  hoverLines({ view, details: about, nowMs: 5_000, timeOfDay }).map(({ label, text }) => `${label}: ${text}`);

describe('the hover of a row', () => {
  it('tells_of_a_ready_one_its_address_and_its_sleep_first_and_fits', () => {
    const view = viewOf('ready', { url: 'http://localhost:3000', pid: 7, idle: idleOf(26_000) });
    assert.deepEqual(told(view, details), [
      'Address: http://localhost:3000',
      'Sleeps: at t31000',
      'Process: pid 7, since t1000, ready after 1.1 s, strict stop (control group)',
      'Usual start: 1 s (1 s to 1.1 s in 2 starts)',
      'Command: npm run dev',
    ]);
    assert.equal(hoverProbes({ view, details }).length, 1);
    assert.match(hoverProbes({ view, details })[0] ?? '', /^✓ .*HTTP 200$/);
  });

  it('tells_of_an_asleep_one_what_wakes_it', () => {
    const woken = { publicPort: 3000, wakesOn: 'data' as const };
    assert.deepEqual(told(viewOf('quiesced', woken)), [
      'Wakes: when somebody sends something to port 3000, or when what depends on it is started',
    ]);
    assert.match(told(viewOf('quiesced', { ...woken, wakesOn: 'connect' }))[0] ?? '', /connects to port 3000/);
    assert.match(told(viewOf('quiesced', { publicPort: 3000 }))[0] ?? '', /^Wakes: not by itself/);
    assert.deepEqual(told(viewOf('stopped', { publicPort: 3000 })), []);
  });

  it('tells_of_a_failed_one_why_first_and_its_last_lines', () => {
    const logTail = ['a', 'b', 'c', 'd', 'e', 'f'];
    const failure = { code: 'crashed' as const, message: 'It exited.', hint: 'Look.', logTail };
    const view = viewOf('failed', { failure });
    assert.equal(told(view, details)[0], 'Failure: It exited. Look.');
    assert.deepEqual(hoverOutput(view), ['b', 'c', 'd', 'e', 'f']);
    assert.equal(hoverProbes({ view, details }).length, 2);
  });

  it('says_why_a_stop_is_not_strict', () => {
    assert.deepEqual(told(viewOf('ready', { notStrict: 'no control group' })), ['Not strict: no control group']);
  });
});
