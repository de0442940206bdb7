import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryWatch } from '../../../../src/platform/files/directoryWatch';
import { watchName } from '../../../../src/platform/files/watchName';
import { useTempDir } from '../../../support/tempDir';
import { waitUntil } from '../../../support/waitUntil';

describe('DirectoryWatch', () => {
  const dir = useTempDir();

  it('tells of each file only to whoever watches it, and of none that nobody does', async () => {
    const watch = new DirectoryWatch(dir());
    const told: string[] = [];
    const follow = (name: string, who = name): { dispose(): void } | undefined =>
      watch.watchFile(join(dir(), name), { changed: () => told.push(who), lost: () => {} });
    const all = ['a', 'b'].map((name) => follow(name));
    const second = follow('a', 'also a');
    writeFileSync(join(dir(), 'c'), '');
    writeFileSync(join(dir(), 'a'), '');
    await waitUntil('both who watch it to be told', () => told.includes('a') && told.includes('also a'));
    assert.equal(told.includes('b'), false);
    second?.dispose();
    all[0]?.dispose();
    told.length = 0;
    appendFileSync(join(dir(), 'a'), 'x');
    writeFileSync(join(dir(), 'b'), '');
    await waitUntil('the other to be told', () => told.includes('b'));
    assert.deepEqual(new Set(told), new Set(['b']));
    all[1]?.dispose();
  });

  it('watches again after it had nobody', async () => {
    const watch = new DirectoryWatch(dir());
    const listener = (told: () => void): { changed(): void; lost(): void } => ({ changed: told, lost: () => {} });
    watch
      .watchFile(
        join(dir(), 'a'),
        listener(() => {}),
      )
      ?.dispose();
    let changes = 0;
    const again = watch.watchFile(
      join(dir(), 'a'),
      listener(() => changes++),
    );
    writeFileSync(join(dir(), 'a'), '');
    await waitUntil('a change', () => changes > 0);
    again?.dispose();
  });

  it('says so where it cannot', () => {
    const missing = join(dir(), 'missing');
    const listener = { changed: () => {}, lost: () => {} };
    assert.equal(new DirectoryWatch(missing).watchFile(join(missing, 'a'), listener), undefined);
    assert.equal(new DirectoryWatch(dir()).watchFile(join(missing, 'a'), listener), undefined, 'in another directory');
  });
});

describe('watchName', () => {
  const dir = useTempDir();

  it('tells when a file of the name comes, also where nothing is to be watched', async () => {
    let changes = 0;
    const watching = watchName(join(dir(), 'a'), () => changes++);
    const silent = watchName(join(dir(), 'missing', 'a'), () => changes++);
    writeFileSync(join(dir(), 'a'), '');
    await waitUntil('a change', () => changes > 0);
    watching.dispose();
    silent.dispose();
  });
});
