import { commandIds } from '../../ids';
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
        return ports.details.explain(view.key);
      },
    },
  ];
}
