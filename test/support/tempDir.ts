import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A private directory that is there for each test of the surrounding suite and gone after it. */
export function useTempDir(): () => string {
  let dir: string | undefined;
  beforeEach(() => {
    dir = makeTempDir();
  });
  afterEach(() => {
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
    dir = undefined;
  });
  return () => {
    if (dir === undefined) throw new Error('the directory is only there during a test');
    return dir;
  };
}

/** The caller removes it. */
export function makeTempDir(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), 'local-backends-test-'));
}
