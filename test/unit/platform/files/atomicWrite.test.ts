import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atomicWrite, removeUnfinished } from '../../../../src/platform/files/atomicWrite';
import { useTempDir } from '../../../support/tempDir';

describe('atomicWrite', () => {
  const dir = useTempDir();

  it('replaces the content, private to its owner, and leaves no other file', async () => {
    const path = join(dir(), 'state.json');
    writeFileSync(path, 'old', { mode: 0o644 });
    await atomicWrite(path, 'new');
    assert.equal(readFileSync(path, 'utf8'), 'new');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(dir()), ['state.json']);
  });

  it('replaces a link instead of writing through it', async () => {
    writeFileSync(join(dir(), 'victim'), 'untouched');
    symlinkSync(join(dir(), 'victim'), join(dir(), 'link'));
    await atomicWrite(join(dir(), 'link'), 'new');
    assert.equal(readFileSync(join(dir(), 'victim'), 'utf8'), 'untouched');
    assert.equal(readFileSync(join(dir(), 'link'), 'utf8'), 'new');
  });

  it('survives writers at the same time: one of them wins as a whole', async () => {
    const path = join(dir(), 'state');
    const texts = Array.from({ length: 8 }, (_, i) => String(i).repeat(10_000));
    await Promise.all(texts.map((text) => atomicWrite(path, text)));
    assert.ok(texts.includes(readFileSync(path, 'utf8')));
    assert.deepEqual(readdirSync(dir()), ['state']);
  });

  it('rejects and leaves nothing when the directory is missing or the target is one', async () => {
    await assert.rejects(atomicWrite(join(dir(), 'no', 'x'), ''), { code: 'ENOENT' });
    await assert.rejects(atomicWrite(dir(), ''));
    assert.deepEqual(readdirSync(dir()), []);
  });

  it('what a writer has left who was killed is removed when it is a minute old, and nothing else', async () => {
    const nowMs = 1_000_000_000;
    const aged = {
      'a.json.0123456789ab.tmp': 61_000,
      'b.json.0123456789ab.tmp': 59_000,
      'c.tmp': 61_000,
      'a.json': 61_000,
    };
    for (const [name, ageMs] of Object.entries(aged)) {
      const file = join(dir(), name);
      writeFileSync(file, '');
      utimesSync(file, (nowMs - ageMs) / 1_000, (nowMs - ageMs) / 1_000);
    }
    await removeUnfinished(dir(), nowMs);
    assert.deepEqual(readdirSync(dir()).sort(), ['a.json', 'b.json.0123456789ab.tmp', 'c.tmp']);
  });
});
