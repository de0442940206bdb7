import { join } from 'node:path';
import { repositoryRoot } from './repositoryRoot';

/** The argv that runs one of the hostile programs. */
export function hostileProgram(name: string, ...args: readonly string[]): string[] {
  const path = join(repositoryRoot, 'test', 'fixtures', 'programs', name);
  return [name.endsWith('.sh') ? '/bin/sh' : process.execPath, path, ...args];
}
