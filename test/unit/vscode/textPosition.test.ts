import assert from 'node:assert/strict';
import { TextPositions } from '../../../src/vscode/textPosition';

describe('TextPositions', () => {
  const text = 'ab\r\nc\n\rd';
  for (const [offset, line, character] of [
    [-1, 0, 0],
    [0, 0, 0],
    [2, 0, 2],
    [4, 1, 0],
    [5, 1, 1],
    [6, 2, 0],
    [7, 3, 0],
    [8, 3, 1],
    [99, 3, 1],
  ] as const) {
    it(`finds offset ${offset} at ${line}:${character}`, () => {
      assert.deepEqual(new TextPositions(text).at(offset), { line, character });
    });
  }
});
