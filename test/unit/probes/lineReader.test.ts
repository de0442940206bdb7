import assert from 'node:assert/strict';
import { LineReader, maxLineLength } from '../../../src/probes/lineReader';

describe('LineReader', () => {
  it('puts_a_torn_line_together', () => {
    const reader = new LineReader();
    assert.deepEqual(reader.read('one\ntw'), { complete: ['one'], open: 'tw' });
    assert.deepEqual(reader.read('o\nthr'), { complete: ['two'], open: 'thr' });
    assert.deepEqual(reader.read('ee'), { complete: [], open: 'three' });
  });

  it('ends_a_line_at_a_carriage_return_too', () => {
    assert.deepEqual(new LineReader().read('10 %\r20 %\r\ndone'), { complete: ['10 %', '20 %'], open: 'done' });
  });

  it('keeps_no_more_of_a_line_than_its_cap', () => {
    const reader = new LineReader();
    assert.equal(reader.read('x'.repeat(50_000)).open.length, maxLineLength);
    assert.equal(reader.read('y'.repeat(50_000)).open.length, maxLineLength);
    assert.deepEqual(reader.read('\nnext').open, 'next');
  });
});
