import * as vscode from 'vscode';
import type { BackendView } from '../../model/snapshot';
import { BackendFailure } from '../../protocol/backendFailure';
import { fromResponseError } from '../../protocol/rpc';
import type { BackendCommand, CommandPorts } from './backendCommand';
import { pickOne } from './pickOne';
import { readTarget } from './target';

/**
 * Runs a command for whoever called it. Code gets the result or a rejection; a person gets a message and the
 * promise resolves, because nobody listens to it and VS Code would only add a second, worse message.
 */
export async function runCommand(
  ports: CommandPorts,
  command: BackendCommand,
  argument: unknown,
  second: unknown,
): Promise<unknown> {
  const target = readTarget(argument, second);
  if (target.by === 'code') return runForCode(ports, command, target.names[0], second);
  let views: readonly BackendView[] = [];
  try {
    views = await chosen(ports, command, target.names);
    if (views.length === 0) return undefined;
    return await command.run(views, 'person');
  } catch (error) {
    const failure = fromResponseError(error).failure;
    const [view] = views;
    ports.failures.show([view === undefined ? { failure } : { view, failure }]);
    return undefined;
  }
}

async function runForCode(
  ports: CommandPorts,
  command: BackendCommand,
  name: string,
  option: unknown,
): Promise<unknown> {
  try {
    const view = await ports.actions.resolve(name);
    return await command.run([view], 'code', option);
  } catch (error) {
    throw withCode(fromResponseError(error));
  }
}

/** VS Code passes only the message of a command's error on to its caller, so the code goes into it. */
function withCode(error: BackendFailure): BackendFailure {
  const { failure } = error;
  return new BackendFailure({ ...failure, message: `${failure.message} [${failure.code}]` }, { cause: error });
}

async function chosen(
  ports: CommandPorts,
  command: BackendCommand,
  names: readonly string[],
): Promise<readonly BackendView[]> {
  if (names.length > 0) return Promise.all(names.map((name) => ports.actions.resolve(name)));
  const fitting = ports.store.views().filter((view) => command.fits(view));
  if (fitting.length === 0) {
    void vscode.window.showInformationMessage(command.noneFits);
    return [];
  }
  const picked = await pickOne(command.question, fitting);
  return picked === undefined ? [] : [picked];
}
