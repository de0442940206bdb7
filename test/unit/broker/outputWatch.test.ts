import assert from 'node:assert/strict';
import { OutputWatch } from '../../../src/broker/outputWatch';
import { ManualClock } from '../vscode/manualClock';

interface Look {
  readonly atMs: number;
  readonly reason: string;
}

function watched(): { clock: ManualClock; looks: Look[]; watch: OutputWatch } {
  const clock = new ManualClock();
  const looks: Look[] = [];
  const watch = new OutputWatch({
    clock,
    lastLookMs: () => looks.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY,
    look: (reason) => looks.push({ atMs: clock.nowMs(), reason }),
  });
  return { clock, looks, watch };
}

describe('OutputWatch', () => {
  it('looks at once and then in a short burst, and leaves no timer', () => {
    const { clock, looks, watch } = watched();
    watch.printed(Buffer.from('listening on 3000\n'));
    clock.advance(10_000);
    assert.deepEqual(
      looks.map((look) => look.atMs),
      [0, 8, 28, 68, 148, 308],
    );
    assert.equal(looks[0]?.reason, 'said that it starts or listens');
    assert.equal(looks[1]?.reason, 'a moment after it printed');
    assert.equal(clock.pending, 0);
  });

  it('begins the burst anew with each chunk', () => {
    const { clock, looks, watch } = watched();
    watch.printed(Buffer.from('a\n'));
    clock.advance(5);
    watch.printed(Buffer.from('b\n'));
    clock.advance(8);
    assert.deepEqual(
      looks.map((look) => look.atMs),
      [0, 13],
    );
  });

  it('does nothing after its end', () => {
    const { clock, looks, watch } = watched();
    watch.printed(Buffer.from('a\n'));
    watch.dispose();
    watch.printed(Buffer.from('ready\n'));
    clock.advance(1_000);
    assert.equal(looks.length, 1);
    assert.equal(clock.pending, 0);
  });

  it('reads the end of a large chunk', () => {
    const { looks, watch } = watched();
    watch.printed(Buffer.from(`${'x'.repeat(100_000)}\nlistening\n`));
    assert.equal(looks[0]?.reason, 'said that it starts or listens');
  });
});
