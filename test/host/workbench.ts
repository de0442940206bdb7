import assert from 'node:assert/strict';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { BackendSnapshot, LocalBackendsApiV1 } from '../../src/api';

/** What the tests share: the extension as another extension sees it. */
export async function backendsApi(): Promise<LocalBackendsApiV1> {
  const extension = vscode.extensions.getExtension<LocalBackendsApiV1>('local-backends.local-backends');
  assert.ok(extension, 'the extension is found under its public id');
  return extension.activate();
}

export function snapshotOf(api: LocalBackendsApiV1, name: string): BackendSnapshot {
  const snapshot = api.backends().find((backend) => backend.name === name);
  assert.ok(snapshot, `${name} is listed`);
  return snapshot;
}

export async function stopEverything(): Promise<void> {
  const api = await backendsApi();
  for (const { key } of api.backends()) await api.stop(key);
}

export function workspaceFolder(): vscode.WorkspaceFolder {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'a folder is open');
  return folder;
}

export const configFile = (): string => path.join(workspaceFolder().uri.fsPath, '.vscode', 'backends.json');

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

interface CodedError extends Error {
  readonly code: string;
  readonly failure: { readonly logTail: readonly string[]; readonly exitCode?: number };
}

/** The error a promise of the API rejects with. */
export async function rejection(work: Promise<unknown>): Promise<CodedError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error && 'code' in error && 'failure' in error, `rejected with ${String(error)}`);
  assert.equal(error.name, 'BackendError');
  return error as CodedError;
}
