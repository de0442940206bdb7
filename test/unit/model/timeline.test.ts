import assert from 'node:assert/strict';
import { History, historyLength } from '../../../src/model/timeline';

describe('history', () => {
  it('keeps the last hundred entries, oldest first', () => {
    assert.equal(historyLength, 100);
    for (const [added, first, length] of [
      [99, 0, 99],
      [100, 0, 100],
      [101, 1, 100],
      [1_000, 900, 100],
    ] as const) {
      const history = new History<number>();
      for (let n = 0; n < added; n += 1) history.add(n);
      assert.deepEqual(
        history.entries(),
        Array.from({ length }, (_, n) => first + n),
      );
    }
  });

  it('a list that was handed out does not change', () => {
    const history = new History<string>();
    history.add('started');
    const seen = history.entries();
    history.add('ready');
    history.clear();
    assert.deepEqual(seen, ['started']);
    assert.deepEqual(history.entries(), []);
  });
});
