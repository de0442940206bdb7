import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLastLines } from '../../../../src/platform/files/readLastLines';
import { useTempDir } from '../../../support/tempDir';

describe('readLastLines', () => {
  const dir = useTempDir();
  const log = (text: string | Buffer, older?: string): string => {
    const path = join(dir(), 'log');
    writeFileSync(path, text);
    if (older !== undefined) writeFileSync(`${path}.1`, older);
    return path;
  };

  it('are the last ones, newest last, the unfinished one included', async () => {
    assert.deepEqual(await readLastLines(log('a\nb\nc\n'), 2), ['b', 'c']);
    assert.deepEqual(await readLastLines(log('a\nb\nc'), 2), ['b', 'c']);
    assert.deepEqual(await readLastLines(log('a\r\n\r\nb\r\n'), 9), ['a', '', 'b']);
  });

  it('are none of an empty or missing file, or when none are wanted', async () => {
    assert.deepEqual(await readLastLines(log(''), 5), []);
    assert.deepEqual(await readLastLines(join(dir(), 'none'), 5), []);
    assert.deepEqual(await readLastLines(log('a\n'), 0), []);
  });

  it('go on in the older file, also in the middle of a line', async () => {
    assert.deepEqual(await readLastLines(log('e\nf\n', 'a\nb\nc\nd\n'), 4), ['c', 'd', 'e', 'f']);
    assert.deepEqual(await readLastLines(log('rest\nf\n', 'a\nbegin-'), 3), ['a', 'begin-rest', 'f']);
    assert.deepEqual(await readLastLines(log('e\nf\n', 'a\nb\n'), 2), ['e', 'f']);
  });

  it('are found over many blocks', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i}`);
    assert.deepEqual(await readLastLines(log(`${lines.join('\n')}\n`), 15_000), lines.slice(-15_000));
  });

  it('are read from a bounded part of the file; the line it cuts is left out', async () => {
    const path = log(`${'x'.repeat(1000)}\nsecond\nthird\n`);
    assert.deepEqual(await readLastLines(path, 10, { maxBytes: 20 }), ['second', 'third']);
  });

  it('are cut when they are long, and a line longer than the bound is still shown', async () => {
    const path = log(`${'m'.repeat(1_000_000)}\n`);
    assert.deepEqual(await readLastLines(path, 1, { maxLineLength: 5 }), ['mmmmm…']);
  });

  it('are text, whatever the bytes are', async () => {
    const [line] = await readLastLines(log(Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x0a])), 1);
    assert.equal(line, 'a\ufffd\ufffd(');
  });
});
