import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repositoryRoot';
import { findProgram, type NeededProgram } from './runner/programs';

/**
 * Absolute path of a program of `test/programs.json`, or of one that comes with it (`cameWith`); a missing one fails
 * the test with the command that brings it.
 */
export function neededProgram(program: string, cameWith = program): string {
  const found = findProgram(program);
  if (found !== undefined) return found;
  const list = JSON.parse(readFileSync(join(repositoryRoot, 'test', 'programs.json'), 'utf8')) as NeededProgram[];
  const name = list.find((needed) => needed.program === cameWith)?.debianPackage ?? cameWith;
  throw new Error(`"${program}" is not installed. On Debian or Ubuntu run: apt-get install -y ${name}`);
}
