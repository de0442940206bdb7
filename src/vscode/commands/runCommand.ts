import type { BackendView } from '../../model/snapshot';
import { failureOf, withCodeInMessage } from '../failureOf';
import { showInformation } from '../notifications';
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
  if (target.by === 'code') return runForCode(ports, command, target.name, second);
  let views: readonly BackendView[] = [];
  try {
    views = await chosen(ports, command, target.names);
    if (views.length === 0) return undefined;
    return await command.run(views, 'person');
  } catch (error) {
    const failure = failureOf(error).failure;
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
    throw withCodeInMessage(error);
  }
}

async function chosen(
  ports: CommandPorts,
  command: BackendCommand,
  names: readonly string[],
): Promise<readonly BackendView[]> {
  if (names.length > 0) return Promise.all(names.map((name) => ports.actions.resolve(name)));
  const fitting = ports.store.views().filter((view) => command.fits(view));
  if (fitting.length === 0) {
    void showInformation(command.noneFits);
    return [];
  }
  const picked = await pickOne(command.question, fitting);
  return picked === undefined ? [] : [picked];
}
