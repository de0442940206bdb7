import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from './repositoryRoot';

export interface WorkspaceCopy {
  readonly folder: string;
  remove(): void;
}

/** A private copy of a fixture workspace; packages of the repository are found in a parent folder, as in the original. */
export function copyWorkspace(name: string): WorkspaceCopy {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'lbw-')));
  const folder = join(parent, name);
  symlinkSync(join(repositoryRoot, 'node_modules'), join(parent, 'node_modules'), 'junction');
  cpSync(join(repositoryRoot, 'test', 'fixtures', 'workspaces', name), folder, { recursive: true });
  return { folder, remove: () => rmSync(parent, { recursive: true, force: true, maxRetries: 5 }) };
}
