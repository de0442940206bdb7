import assert from 'node:assert/strict';
import { createProbe, createReadinessProbe } from '../../../src/probes/createProbe';
import type { ExecResult, SaidReady } from '../../../src/probes/probe';
import { probeContext, StillClock } from './fakes';

describe('settle and none', () => {
  it('settles_after_300_ms_and_not_a_millisecond_before', async () => {
    const clock = new StillClock(1_000);
    const probe = createReadinessProbe({ probes: [], withoutProbes: 'settle' }, probeContext({ clock }));
    clock.time = 1_299;
    assert.deepEqual(await probe.probe(100), { ok: false, saw: 'alive for 299 ms' });
    clock.time = 1_300;
    assert.deepEqual(await probe.probe(100), { ok: true, saw: 'alive' });
  });

  it('waits_for_nothing_when_told_so', async () => {
    const probe = createReadinessProbe({ probes: [], withoutProbes: 'none' }, probeContext());
    assert.deepEqual(await probe.probe(100), { ok: true, saw: 'started' });
  });
});

describe('fd probe', () => {
  it('holds_once_a_line_end_was_written_and_says_what_is_missing_before', async () => {
    let said: SaidReady | undefined;
    const probe = createProbe({ kind: 'fd', fd: 3 }, probeContext({ said: () => said }));
    assert.equal(probe.describe, 'line end on descriptor 3');
    assert.deepEqual(await probe.probe(100), { ok: false, saw: 'nothing was written to it' });
    said = { bytes: 0, lineEnd: false };
    assert.deepEqual(await probe.probe(100), { ok: false, saw: 'nothing was written to it' });
    said = { bytes: 6, lineEnd: false };
    assert.deepEqual(await probe.probe(100), { ok: false, saw: '6 bytes were written to it, but no line end' });
    said = { bytes: 7, lineEnd: true };
    assert.deepEqual(await probe.probe(100), { ok: true, saw: 'it said that it is ready' });
  });
});

describe('exec probe', () => {
  it('never_runs_its_program_beside_itself', async () => {
    const ends: ((code: number) => void)[] = [];
    const run = (): Promise<ExecResult> =>
      new Promise((resolve) => ends.push((code) => resolve({ kind: 'exited', code })));
    const probe = createProbe({ kind: 'exec', argv: ['x'] }, probeContext({ run }));
    const first = probe.probe(5_000);
    assert.deepEqual(await probe.probe(5_000), { ok: false, saw: 'the program is still running' });
    assert.equal(ends.length, 1);
    ends[0]?.(0);
    assert.deepEqual(await first, { ok: true, saw: 'exit 0' });
    void probe.probe(5_000);
    assert.equal(ends.length, 2);
  });

  const outcomeOf = (result: ExecResult): ReturnType<ReturnType<typeof createProbe>['probe']> =>
    createProbe({ kind: 'exec', argv: ['pg_isready', '-q'] }, probeContext({ run: async () => result })).probe(5_000);

  for (const [result, outcome] of [
    [
      { kind: 'exited', code: 0, output: 'fine' },
      { ok: true, saw: 'exit 0' },
    ],
    [
      { kind: 'exited', code: 2, output: 'first\nno response\n' },
      { ok: false, saw: 'exit 2: no response' },
    ],
    [
      { kind: 'exited', code: 1 },
      { ok: false, saw: 'exit 1' },
    ],
    [
      { kind: 'signalled', signal: 'SIGSEGV' },
      { ok: false, saw: 'ended by SIGSEGV' },
    ],
    [{ kind: 'timedOut' }, { ok: false, saw: 'timed out after 5 s' }],
    [
      { kind: 'notStarted', message: 'pg_isready: not found' },
      { ok: false, saw: 'pg_isready: not found' },
    ],
  ] as const) {
    it(`judges ${JSON.stringify(result)}`, async () => assert.deepEqual(await outcomeOf(result), outcome));
  }

  it('turns_a_runner_that_throws_into_an_outcome', async () => {
    const run = (): Promise<never> => Promise.reject(new Error('no workspace'));
    const probe = createProbe({ kind: 'exec', argv: ['x'] }, probeContext({ run }));
    assert.deepEqual(await probe.probe(100), { ok: false, saw: 'no workspace' });
  });

  it('names_its_command', () => {
    assert.equal(
      createProbe({ kind: 'exec', argv: ['pg_isready', '-q'] }, probeContext()).describe,
      'exec pg_isready -q',
    );
  });
});

describe('a probe that needs a port', () => {
  for (const definition of [
    { kind: 'tcp' },
    { kind: 'http', scheme: 'http', path: '/', method: 'GET', status: [[200, 399]], headers: {} },
    { kind: 'grpc', service: '' },
  ] as const) {
    it(`says_that_there_is_none: ${definition.kind}`, async () => {
      const outcome = await createProbe(definition, probeContext()).probe(100);
      assert.deepEqual(outcome, { ok: false, saw: 'the backend has no port' });
    });
  }
});
