import { commandIds } from '../../ids';
import type { BackendView } from '../../model/snapshot';
import { failureOf } from '../failureOf';
import type { FailedBackend } from '../failureMessages';
import { longestFirst } from '../longestFirst';
import { toSnapshot } from '../snapshots';
import type { BackendCommand, CommandPorts } from './backendCommand';
import { canRestart, canStart } from './fits';

type Verb = 'start' | 'restart';

export function startCommands(ports: CommandPorts): readonly BackendCommand[] {
  return [
    {
      id: commandIds.start,
      question: 'Select the backend to start',
      fits: canStart,
      noneFits: 'There is no backend that could be started now.',
      run: (views, caller) => run(ports, 'start', views, caller === 'person'),
    },
    {
      id: commandIds.restart,
      question: 'Select the backend to restart',
      fits: canRestart,
      noneFits: 'No backend is running.',
      run: (views, caller) => run(ports, 'restart', views, caller === 'person'),
    },
  ];
}

async function run(ports: CommandPorts, verb: Verb, views: readonly BackendView[], person: boolean): Promise<unknown> {
  if (person) return startForPerson(ports, verb, views);
  return Promise.all(views.map(async (view) => toSnapshot(await ports.actions[verb](view.key, 'api')))).then(
    (snapshots) => snapshots[0],
  );
}

/** Starts all of them at once with one cancellable progress; what failed is told in one message. */
export async function startForPerson(ports: CommandPorts, verb: Verb, views: readonly BackendView[]): Promise<void> {
  const tell = ports.report.begin(views);
  const starts = Promise.all(longestFirst(ports.store, views).map((view) => attempt(ports, verb, view)));
  const cancel = (): void => {
    for (const view of views) void cancelOne(ports, view);
  };
  const failed = (await ports.progress.during(views, starts, cancel)).filter((result) => result !== undefined);
  tell(new Map(failed.map(({ view, failure }) => [view?.key ?? '', failure])));
  ports.failures.show(failed);
}

async function attempt(ports: CommandPorts, verb: Verb, view: BackendView): Promise<FailedBackend | undefined> {
  try {
    await ports.actions[verb](view.key, 'person');
    ports.earlyEnds.watch(view.key);
    return undefined;
  } catch (error) {
    return { view, failure: failureOf(error).failure };
  }
}

/** What is ready already stays: only what still starts is cancelled. */
async function cancelOne(ports: CommandPorts, view: BackendView): Promise<void> {
  const state = ports.store.get(view.key)?.state;
  if (state !== 'starting' && state !== 'waiting') return;
  try {
    await ports.actions.cancelStart(view.key);
  } catch (error) {
    ports.failures.show([{ view, failure: failureOf(error).failure }]);
  }
}
