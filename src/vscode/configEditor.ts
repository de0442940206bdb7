import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { errorCode, errorMessage } from '../base/errors';
import { BackendFailure } from '../protocol/backendFailure';
import { locateBackend } from './locateBackend';
import { configFileName } from '../ids';
import { newConfigText } from './newConfigText';

/** Opens the configuration file of a folder, creating it first when there is none. */
export async function openConfigFile(folder: vscode.WorkspaceFolder, backend?: string): Promise<void> {
  const filePath = path.join(folder.uri.fsPath, configFileName);
  await createIfMissing(filePath, folder);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, configFileName));
  const place = backend === undefined ? undefined : locateBackend(document.getText(), backend);
  const options: vscode.TextDocumentShowOptions = { preview: false };
  if (place !== undefined) {
    const at = document.positionAt(place);
    options.selection = new vscode.Range(at, at);
  }
  await vscode.window.showTextDocument(document, options);
}

/** Exclusive: a file that appeared in the meantime is never overwritten. */
async function createIfMissing(filePath: string, folder: vscode.WorkspaceFolder): Promise<void> {
  try {
    await fs.access(filePath);
    return;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  try {
    await fs.mkdir(path.dirname(filePath), { recursive: true });
    await fs.writeFile(filePath, await newConfigText(folder.uri.fsPath), { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    throw BackendFailure.of('permissionDenied', `${filePath} cannot be created: ${errorMessage(error)}`);
  }
}
