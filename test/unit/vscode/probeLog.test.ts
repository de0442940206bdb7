import assert from 'node:assert/strict';
import type { BackendState } from '../../../src/model/backendState';
import type { ProbeRecord } from '../../../src/model/snapshot';
import { mostLines, ProbeLog } from '../../../src/vscode/probeLog';
import { viewOf } from '../model/viewOf';

const refused: ProbeRecord = { attempt: 0, elapsedMs: 0, reason: 'start', saw: 'tcp :3000 refused', ok: false };

function setUp(): { told: string[]; see: (state: BackendState, made: number, probe?: object) => void } {
  const told: string[] = [];
  const log = new ProbeLog({ log: (level, message) => told.push(`${level} ${message}`) });
  const see = (state: BackendState, made: number, probe?: object): void => {
    const lastProbe = probe === undefined ? {} : { lastProbe: { ...refused, ...probe } };
    log.look('web', viewOf(state, { start: { waits: [], probesMade: made, ...lastProbe } }));
  };
  return { told, see };
}

describe('the log of probes', () => {
  it('tells each with its reason and what it saw, and once', () => {
    const { told, see } = setUp();
    see('starting', 0);
    see('starting', 1, {});
    see('starting', 1, {});
    see('ready', 2, { attempt: undefined, elapsedMs: 3_210, reason: 'printed a line', saw: 'HTTP 200', ok: true });
    assert.deepEqual(told, [
      'info web: probe 1 (start) after 0 ms: tcp :3000 refused',
      'info web: extra probe (printed a line) after 3.2 s: HTTP 200',
    ]);
  });

  it('tells what saw nothing new only to whoever asks for more, and how many it did not see', () => {
    const { told, see } = setUp();
    see('starting', 1, {});
    see('starting', 4, { attempt: 2, elapsedMs: 150, reason: 'schedule 100 ms' });
    assert.equal(told[1], 'debug web: probe 3 (schedule 100 ms) after 150 ms: tcp :3000 refused (2 more just before)');
  });

  it('is bounded for a backend that says something new each time', () => {
    const { told, see } = setUp();
    for (let made = 1; made <= mostLines + 20; made++) see('starting', made, { saw: `HTTP 503 at ${made}` });
    assert.equal(told.filter((line) => line.startsWith('info')).length, mostLines);
  });

  it('begins anew with the next start', () => {
    const { told, see } = setUp();
    see('starting', 3, {});
    see('starting', 0);
    see('starting', 1, {});
    assert.deepEqual(
      told.map((line) => line.slice(0, 20)),
      ['info web: probe 1 (s', 'info web: probe 1 (s'],
    );
  });

  it('tells nothing of a start that was over before this window came', () => {
    const { told, see } = setUp();
    see('ready', 7, { ok: true });
    see('ready', 7, { ok: true });
    assert.deepEqual(told, []);
  });
});
