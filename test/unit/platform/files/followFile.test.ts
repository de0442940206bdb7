import assert from 'node:assert/strict';
import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { followFile, type FollowOptions } from '../../../../src/platform/files/followFile';
import { createSystemClock } from '../../../../src/platform/systemClock';
import type { Disposable } from '../../../../src/base/lifecycle';
import { useTempDir } from '../../../support/tempDir';
import { waitUntil } from '../../../support/waitUntil';

describe('followFile', () => {
  const dir = useTempDir();
  const followers: Disposable[] = [];
  afterEach(() => {
    for (const follower of followers.splice(0)) follower.dispose();
  });

  const path = (): string => join(dir(), 'log');

  class Seen {
    text = '';
    gap = 0;
    largest = 0;
    /** What was written up to now has arrived, or was told as a gap. */
    has = (text: string): Promise<boolean> => waitUntil(`to see ${text.slice(0, 40)}`, () => this.text.endsWith(text));
  }

  const follow = (more: Partial<FollowOptions> = {}): Seen => {
    const seen = new Seen();
    const options = { clock: createSystemClock(), ...more };
    const listener = {
      onChunk: (chunk: Buffer) => {
        seen.text += chunk.toString('latin1');
        seen.largest = Math.max(seen.largest, chunk.length);
      },
      onGap: (bytes: number) => (seen.gap += bytes),
    };
    followers.push(followFile(path(), listener, options));
    return seen;
  };

  it('tells what is appended, and of what was there only as much as asked for', async () => {
    writeFileSync(path(), 'old history\n');
    const fresh = follow();
    const withHistory = follow({ historyBytes: 8 });
    await withHistory.has('history\n');
    appendFileSync(path(), 'new\n');
    await Promise.all([fresh.has('new\n'), withHistory.has('new\n')]);
    assert.deepEqual([fresh.text, withHistory.text], ['new\n', 'history\nnew\n']);
  });

  it('waits for a file that does not exist yet', async () => {
    const seen = follow();
    writeFileSync(path(), 'born\n');
    await seen.has('born\n');
  });

  it('reads on over a rotation without losing a byte', async () => {
    writeFileSync(path(), '');
    const seen = follow();
    appendFileSync(path(), 'one\n');
    await seen.has('one\n');
    appendFileSync(path(), 'last of the old\n');
    renameSync(path(), `${path()}.1`);
    writeFileSync(path(), 'first of the new\n');
    await seen.has('first of the new\n');
    appendFileSync(path(), 'more\n');
    await seen.has('more\n');
    assert.equal(seen.text, 'one\nlast of the old\nfirst of the new\nmore\n');
    assert.equal(seen.gap, 0);
  });

  it('hands over 64 KiB at a time', async () => {
    writeFileSync(path(), '');
    const seen = follow();
    const text = 'y'.repeat(150 * 1024);
    appendFileSync(path(), text);
    await seen.has(text);
    assert.equal(seen.largest, 64 * 1024);
  });

  it('leaves out what it cannot keep up with, and says how much', async () => {
    writeFileSync(path(), '');
    const seen = follow();
    const size = 5 * 1024 * 1024;
    appendFileSync(path(), `${'z'.repeat(size)}end`);
    await seen.has('end');
    assert.equal(seen.text.length + seen.gap, size + 3);
    assert.ok(seen.gap > 4 * 1024 * 1024);
  });

  it('leaves nothing out for those who ask for a pace that keeps up', async () => {
    writeFileSync(path(), '');
    const seen = follow({ pace: { chunkBytes: 1024 * 1024, periodMs: 10 } });
    const text = `${'z'.repeat(5 * 1024 * 1024)}end`;
    appendFileSync(path(), text);
    await seen.has('end');
    assert.equal(seen.text.length, text.length);
    assert.equal(seen.gap, 0);
  });

  it('begins at the byte it is told', async () => {
    writeFileSync(path(), 'one two');
    const seen = follow({ startAt: 4 });
    await seen.has('two');
    assert.equal(seen.text, 'two');
  });

  it('leaves nothing out for those who cannot be told of it', async () => {
    writeFileSync(path(), '');
    let bytes = 0;
    const pace = { chunkBytes: 64 * 1024, periodMs: 1 };
    const listener = { onChunk: (chunk: Buffer) => void (bytes += chunk.length) };
    followers.push(followFile(path(), listener, { clock: createSystemClock(), pace }));
    const size = 2 * 1024 * 1024;
    appendFileSync(path(), 'z'.repeat(size));
    await waitUntil('all to be read', () => bytes === size);
  });

  it('begins in the file before the rotation when the byte it is told is there', async () => {
    writeFileSync(`${path()}.1`, 'an earlier run, this run, ');
    writeFileSync(path(), 'its end');
    const seen = follow({ startAt: 16 });
    await seen.has('its end');
    assert.equal(seen.text, 'this run, its end');
  });

  it('counts what it leaves out over a rotation', async () => {
    writeFileSync(path(), '');
    const seen = follow();
    const size = 2 * 1024 * 1024;
    appendFileSync(path(), 'o'.repeat(size));
    renameSync(path(), `${path()}.1`);
    writeFileSync(path(), `${'n'.repeat(size)}end`);
    await seen.has('end');
    assert.equal(seen.text.length + seen.gap, 2 * size + 3);
  });

  it('begins again in a file that was emptied or replaced', async () => {
    writeFileSync(path(), 'a long first content\n');
    const seen = follow();
    truncateSync(path());
    appendFileSync(path(), 'short\n');
    await seen.has('short\n');
    rmSync(path());
    writeFileSync(path(), 'again\n');
    await seen.has('again\n');
  });

  it('tells nothing after its end', async () => {
    writeFileSync(path(), '');
    const ended = follow();
    for (const follower of followers.splice(0)) follower.dispose();
    const other = follow();
    appendFileSync(path(), 'x\n');
    await other.has('x\n');
    assert.equal(ended.text, '');
  });
});
