import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repositoryRoot';

const root = join(repositoryRoot, 'test', 'fixtures', 'config');

export interface ConfigFixture {
  readonly name: string;
  readonly text: string;
}

export interface ExpectedProblem {
  readonly code: string;
  readonly severity: string;
  readonly backend?: string;
  readonly offset: number;
  readonly length: number;
  /** The text at that place: for the reader of the file, and checked too. */
  readonly at: string;
  readonly message: string;
}

export interface Expectation {
  readonly listed: readonly string[];
  readonly usable: readonly string[];
  readonly problems: readonly ExpectedProblem[];
}

export function configFixtures(kind: 'valid' | 'invalid'): readonly ConfigFixture[] {
  return readdirSync(join(root, kind))
    .filter((file) => file.endsWith('.jsonc'))
    .map((file) => ({ name: file.slice(0, -'.jsonc'.length), text: readFileSync(join(root, kind, file), 'utf8') }));
}

export function expectationOf(name: string): Expectation {
  return JSON.parse(readFileSync(join(root, 'invalid', `${name}.expected.json`), 'utf8')) as Expectation;
}
