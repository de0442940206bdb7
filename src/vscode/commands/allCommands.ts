import { commandIds } from '../../ids';
import type { BackendKey } from '../../model/backendDefinition';
import type { BackendView } from '../../model/snapshot';
import { BackendFailure } from '../../protocol/backendFailure';
import { failureOf, withCodeInMessage } from '../failureOf';
import { showInformation } from '../notifications';
import { FolderNode } from '../tree/nodes';
import type { CommandPorts } from './backendCommand';
import { canStart, canStop } from './fits';
import { startForPerson } from './startCommands';
import { dependentsFirst, stopForPerson } from './stopCommands';

/** Start all and stop all: for the whole window, or for one folder (a folder row, or its name). */
export function allCommands(ports: CommandPorts): Readonly<Record<string, (scope?: unknown) => Promise<void>>> {
  const { actions } = ports;
  return {
    [commandIds.startAll]: async (scope) => {
      if (typeof scope === 'string') return forCode(ports, scope, canBeStarted, (key) => actions.start(key, 'api'));
      await ports.config.refresh();
      const views = scoped(ports, scope).filter(canBeStarted);
      if (views.length === 0) void showInformation('There is no backend that could be started now.');
      else await startForPerson(ports, 'start', views);
    },
    [commandIds.stopAll]: async (scope) => {
      if (typeof scope === 'string')
        return forCode(ports, scope, canStop, (key) => actions.stop(key, 'stopped by a command'));
      const views = scoped(ports, scope).filter(canStop);
      if (views.length === 0) void showInformation('No backend is running.');
      else await stopForPerson(ports, views);
    },
  };
}

function canBeStarted(view: BackendView): boolean {
  return canStart(view) && view.problem === undefined;
}

/** Called with the name of a folder by code: rejects with the first failure, once all of them have settled. */
async function forCode(
  ports: CommandPorts,
  folder: string,
  fits: (view: BackendView) => boolean,
  act: (key: BackendKey) => Promise<unknown>,
): Promise<void> {
  try {
    await ports.config.refresh();
    const views = scoped(ports, folder).filter(fits);
    // A stop takes dependents along: asked first, each is stopped as what it was asked for.
    const outcomes = await Promise.allSettled(dependentsFirst(ports.store, views).map((view) => act(view.key)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failureOf(failed.reason);
  } catch (error) {
    throw withCodeInMessage(error);
  }
}

function scoped(ports: CommandPorts, scope: unknown): readonly BackendView[] {
  const views = ports.store.views();
  if (scope instanceof FolderNode) return views.filter((view) => view.folderPath === scope.path);
  if (typeof scope !== 'string') return views;
  const inFolder = views.filter((view) => view.folder === scope);
  if (inFolder.length === 0) throw BackendFailure.of('unknownBackend', `No folder "${scope}" with backends is open.`);
  return inFolder;
}
