import { commandIds } from '../../ids';
import type { BackendView } from '../../model/snapshot';
import { BackendFailure } from '../../protocol/backendFailure';
import { showInformation } from '../notifications';
import { FolderNode } from '../tree/nodes';
import type { CommandPorts } from './backendCommand';
import { canStart, canStop } from './fits';
import { startForPerson } from './startCommands';
import { stopForPerson } from './stopCommands';

/** Start all and stop all: for the whole window, or for one folder (a folder row, or its name). */
export function allCommands(ports: CommandPorts): Readonly<Record<string, (scope?: unknown) => Promise<void>>> {
  return {
    [commandIds.startAll]: async (scope) => {
      await ports.config.refresh();
      const views = scoped(ports, scope).filter((view) => canStart(view) && view.problem === undefined);
      if (views.length === 0) void showInformation('There is no backend that could be started now.');
      else await startForPerson(ports, 'start', views);
    },
    [commandIds.stopAll]: async (scope) => {
      const views = scoped(ports, scope).filter(canStop);
      if (views.length === 0) void showInformation('No backend is running.');
      else await stopForPerson(ports, views);
    },
  };
}

function scoped(ports: CommandPorts, scope: unknown): readonly BackendView[] {
  const views = ports.store.views();
  if (scope instanceof FolderNode) return views.filter((view) => view.folderPath === scope.path);
  if (typeof scope !== 'string') return views;
  const inFolder = views.filter((view) => view.folder === scope);
  if (inFolder.length === 0) throw BackendFailure.of('unknownBackend', `No folder "${scope}" with backends is open.`);
  return inFolder;
}
