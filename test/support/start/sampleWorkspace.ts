import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import { repositoryRoot } from '../repositoryRoot';
import { findProgram } from '../runner/programs';

/** A copy of the sample to play with, so that the repository stays as it is. Its imports are found in the parent folders. */
export function refreshSampleWorkspace(target: string): string {
  rmSync(target, { recursive: true, force: true });
  cpSync(join(repositoryRoot, 'test', 'fixtures', 'workspaces', 'sample'), target, { recursive: true });
  addDatabase(join(target, '.vscode', 'backends.json'));
  return target;
}

/** The sample has a database where one is installed, and does without where none is. */
function addDatabase(file: string): void {
  const server = findProgram('redis-server');
  if (server === undefined) return;
  const database = {
    command: [server, '--bind', '127.0.0.1', '--port', '${port}', '--save', ''],
    port: 4330,
    idleTimeout: '2m',
  };
  const text = readFileSync(file, 'utf8');
  const edits = modify(text, ['backends', 'db'], database, {
    formattingOptions: { insertSpaces: true, tabSize: 2 },
    getInsertionIndex: () => 0,
  });
  writeFileSync(file, applyEdits(text, edits));
}
