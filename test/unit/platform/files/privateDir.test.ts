import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePrivateDir, PrivateDirError } from '../../../../src/platform/files/privateDir';
import { useTempDir } from '../../../support/tempDir';

describe('ensurePrivateDir', () => {
  const dir = useTempDir();
  const refused = (path: string, message: RegExp): Promise<void> =>
    assert.rejects(ensurePrivateDir(path), (error) => error instanceof PrivateDirError && message.test(error.message));

  it('makes the directory and those above it, closed to others', async () => {
    const path = join(dir(), 'a', 'b');
    await ensurePrivateDir(path);
    assert.equal(statSync(path).mode & 0o777, 0o700);
    assert.equal(statSync(join(dir(), 'a')).mode & 0o777, 0o700);
    await ensurePrivateDir(path);
  });

  for (const mode of [0o777, 0o755, 0o710, 0o701, 0o720]) {
    it(`refuses one that is open to others (${mode.toString(8)}) and leaves it as it is`, async () => {
      const path = join(dir(), 'open');
      mkdirSync(path);
      chmodSync(path, mode);
      await refused(path, /open to other users.*chmod 700/);
      assert.equal(statSync(path).mode & 0o777, mode);
    });
  }

  it('refuses a link, even to a private directory', async () => {
    const target = join(dir(), 'target');
    mkdirSync(target, { mode: 0o700 });
    symlinkSync(target, join(dir(), 'link'));
    await refused(join(dir(), 'link'), /symbolic link/);
  });

  it('refuses one of another user', async () => {
    // Only root can give a directory away; anybody else meets root's own.
    if (process.getuid?.() === 0) {
      const path = mkdtempSync(join(tmpdir(), 'local-backends-test-'));
      chownSync(path, 65_534, 65_534);
      try {
        await refused(path, /belongs to another user/);
      } finally {
        rmSync(path, { recursive: true });
      }
    } else {
      await refused('/', /belongs to another user/);
    }
  });

  it('tells when a file is in the way', async () => {
    writeFileSync(join(dir(), 'file'), '');
    await refused(join(dir(), 'file'), /cannot be made/);
    await refused(join(dir(), 'file', 'below'), /cannot be made/);
  });
});
