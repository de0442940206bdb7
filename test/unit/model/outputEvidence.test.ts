import assert from 'node:assert/strict';
import { OutputEvidence, warmUpPauseMs } from '../../../src/model/outputEvidence';

const longAgo = Number.NEGATIVE_INFINITY;

describe('OutputEvidence', () => {
  it('takes_words_of_a_server_that_comes_up_for_a_reason_however_young_the_last_look_is', () => {
    for (const text of [
      'Listening on 3000',
      'ready in 300 ms',
      'http://localhost:5173/',
      'server started',
      'port: 80',
    ]) {
      const reason = new OutputEvidence().printed({ text, nowMs: 100, lastLookMs: 99 });
      assert.equal(reason, 'said that it starts or listens', text);
    }
  });

  it('takes_ordinary_output_for_a_reason_only_when_the_last_look_is_older_than_8_ms', () => {
    const text = 'compiling';
    assert.equal(new OutputEvidence().printed({ text, nowMs: 100, lastLookMs: 92 }), undefined);
    assert.equal(new OutputEvidence().printed({ text, nowMs: 100, lastLookMs: 91 }), 'printed a line');
    assert.equal(new OutputEvidence().printed({ text, nowMs: 0, lastLookMs: longAgo }), 'printed a line');
  });

  it('is_bounded_for_a_backend_that_prints_without_end', () => {
    for (const text of ['still not listening', 'compiling']) {
      const evidence = new OutputEvidence();
      let looks = 0;
      for (let nowMs = 0; nowMs < 10_000; nowMs++) {
        if (evidence.printed({ text, nowMs, lastLookMs: longAgo }) !== undefined) looks++;
      }
      assert.ok(looks <= 8 + 10 * 8, `${text}: ${looks}`);
      assert.ok(looks >= 8 + 9 * 4, `${text}: ${looks}`);
    }
  });

  it('looks_five_times_after_the_last_chunk_and_then_no_more', () => {
    const evidence = new OutputEvidence();
    const pauses = [0, 1, 2, 3, 4, 5].map((step) => evidence.burstPauseMs(step));
    assert.deepEqual(pauses, [8, 20, 40, 80, 160, undefined]);
  });

  it('bounds_bursts_that_begin_again_and_again', () => {
    const evidence = new OutputEvidence();
    let looks = 0;
    for (let nowMs = 0; nowMs < 10_000; nowMs += 10) if (evidence.mayBurst(nowMs)) looks++;
    assert.ok(looks <= 88 && looks >= 80, String(looks));
  });
});

describe('warmUpPauseMs', () => {
  it('is_a_twentieth_of_the_time_since_the_first_connection_between_40_and_250_ms', () => {
    const cases = [
      [0, 40],
      [799, 40],
      [820, 41],
      [4_980, 249],
      [5_000, 250],
      [60_000, 250],
    ] as const;
    for (const [sinceMs, pauseMs] of cases) assert.equal(warmUpPauseMs(sinceMs), pauseMs);
  });
});
