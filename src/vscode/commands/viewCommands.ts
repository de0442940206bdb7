import { commandIds } from '../../ids';
import { showInformation } from '../notifications';
import type { BackendCommand, CommandPorts } from './backendCommand';

/** Commands that show something of a backend, whatever its state. */
export function viewCommands(ports: CommandPorts): readonly BackendCommand[] {
  const noneFits =
    'No backend is declared in this window. The command "Backends: Open Configuration" creates the file.';
  return [
    {
      id: commandIds.showLogs,
      question: 'Select the backend whose log to show',
      fits: () => true,
      noneFits,
      run: async (views) => {
        for (const view of views) await ports.logs.show(view.key);
      },
    },
    {
      id: commandIds.filterLogs,
      question: 'Select the backend whose log to filter',
      fits: () => true,
      noneFits,
      run: async ([view], caller, option) => {
        if (view === undefined) return;
        // Code says the filter itself: a dialog would wait for somebody who is not there.
        await ports.logs.filter(view.key, caller === 'code' ? filterOf(option) : undefined);
      },
    },
    {
      id: commandIds.showLogFile,
      question: 'Select the backend whose log file to open',
      fits: () => true,
      noneFits,
      run: async (views) => {
        for (const view of views) {
          if (await ports.logs.showFile(view.key)) continue;
          void showInformation(`There is no log of ${view.name} yet: it has not been started.`);
        }
      },
    },
    {
      id: commandIds.showDetails,
      question: 'Select the backend whose details to show',
      fits: () => true,
      noneFits,
      run: async (views) => {
        const [view] = views;
        if (view !== undefined) await ports.details.show(view.key);
      },
    },
    {
      id: commandIds.whyAwake,
      question: 'Select the backend to explain',
      fits: () => true,
      noneFits,
      run: async (views) => {
        const [view] = views;
        if (view === undefined) return undefined;
        await ports.details.show(view.key);
        return ports.texts.explain(view.key);
      },
    },
  ];
}

/** `{filter}` as the second argument; without it all lines are shown. */
function filterOf(option: unknown): string {
  const filter: unknown = typeof option === 'object' && option !== null ? Reflect.get(option, 'filter') : undefined;
  return typeof filter === 'string' ? filter : '';
}
