import { join } from 'node:path';
import { repositoryRoot } from './repositoryRoot';

/** The argv that runs one of the hostile programs. */
export function hostileProgram(name: string, ...args: readonly string[]): string[] {
  return [name.endsWith('.sh') ? '/bin/sh' : process.execPath, programPath(name), ...args];
}

export function programPath(name: string): string {
  return join(repositoryRoot, 'test', 'fixtures', 'programs', name);
}
