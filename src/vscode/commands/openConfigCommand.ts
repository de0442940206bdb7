import * as vscode from 'vscode';
import { failureOf, withCodeInMessage } from '../failureOf';
import { BackendFailure } from '../../protocol/backendFailure';
import type { BackendView } from '../../model/snapshot';
import type { ConfigFile } from '../configService';
import { openConfigFile } from '../configEditor';
import { FolderNode } from '../tree/nodes';
import type { CommandPorts } from './backendCommand';
import { readTarget } from './target';

/** Opens `backends.json`: at the place of the named backend, else the file of a folder; creates it when missing. */
export async function openConfig(ports: CommandPorts, argument: unknown): Promise<void> {
  const target = readTarget(argument);
  try {
    await ports.config.refresh();
    const name = target.by === 'code' ? target.name : target.names[0];
    if (name !== undefined) await openAt(ports, await ports.actions.resolve(name));
    else await openOneOf(ports, argument instanceof FolderNode ? argument.path : undefined);
  } catch (error) {
    if (target.by === 'code') throw withCodeInMessage(error);
    ports.failures.show([{ failure: failureOf(error).failure }]);
  }
}

async function openAt(ports: CommandPorts, view: BackendView): Promise<void> {
  const file = ports.config.files.find((candidate) => candidate.folder.path === view.folderPath);
  if (file !== undefined) await openConfigFile(file.workspaceFolder, view.name);
}

async function openOneOf(ports: CommandPorts, folderPath: string | undefined): Promise<void> {
  const { files } = ports.config;
  if (files.length === 0) {
    throw BackendFailure.of(
      'invalidConfig',
      'No folder is open.',
      'Open a folder first: its backends are declared inside it.',
    );
  }
  const asked = files.filter((file) => folderPath === undefined || file.folder.path === folderPath);
  const [only, ...others] = asked;
  const file = others.length === 0 ? only : await pickFile(asked);
  if (file !== undefined) await openConfigFile(file.workspaceFolder);
}

async function pickFile(files: readonly ConfigFile[]): Promise<ConfigFile | undefined> {
  const items = files.map((file) => ({
    file,
    label: file.workspaceFolder.name,
    description: file.exists ? '' : 'no backends.json yet: creates one',
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: 'Select the folder' });
  return picked?.file;
}
