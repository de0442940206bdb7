import { commandIds } from '../../ids';
import { backendKey } from '../../model/backendDefinition';
import type { BackendView } from '../../model/snapshot';
import { dependentsOf } from '../../model/startOrder';
import { failureOf } from '../failureOf';
import type { BackendStore } from '../backendStore';
import type { FailedBackend } from '../failureMessages';
import { showWarning } from '../notifications';
import { toSnapshot } from '../snapshots';
import { shownName } from '../../model/statusPresentation';
import type { BackendCommand, CommandPorts } from './backendCommand';
import { hasLeftovers, isUp, isWorthStopping } from './fits';

export function stopCommands(ports: CommandPorts): readonly BackendCommand[] {
  return [
    {
      id: commandIds.stop,
      question: 'Select the backend to stop',
      fits: isWorthStopping,
      noneFits: 'No backend is running.',
      run: async (views, caller) => {
        if (caller === 'person') return stopAsked(ports, views);
        const [view] = views;
        return view === undefined ? undefined : toSnapshot(await ports.actions.stop(view.key, 'stopped by a command'));
      },
    },
    {
      id: commandIds.killLeftovers,
      question: 'Select the backend whose leftover processes to kill',
      fits: hasLeftovers,
      noneFits: noLeftovers,
      run: (views) => forEach(views, (view) => ports.actions.killLeftovers(view.key)),
    },
    {
      id: commandIds.ignoreLeftovers,
      question: 'Select the backend whose leftover processes to ignore',
      fits: hasLeftovers,
      noneFits: noLeftovers,
      run: (views) => forEach(views, (view) => ports.actions.ignoreLeftovers(view.key)),
    },
  ];
}

const noLeftovers = 'No backend has left processes behind.';

async function forEach(
  views: readonly BackendView[],
  act: (view: BackendView) => Promise<BackendView>,
): Promise<unknown> {
  const outcomes = await Promise.all(views.map(act));
  return outcomes.map(toSnapshot)[0];
}

/** Stops what a person chose; when others depend on it, asks first and goes on once answered. */
export async function stopAsked(ports: CommandPorts, views: readonly BackendView[]): Promise<void> {
  const dependents = runningDependents(ports.store, views);
  if (dependents.length === 0) return stopForPerson(ports, views);
  const all = ports.store.views();
  const names = (list: readonly BackendView[]): string => list.map((view) => shownName(view, all)).join(', ');
  const verb = dependents.length === 1 ? 'depends' : 'depend';
  const message = `${names(dependents)} ${verb} on ${names(views)} and will be stopped too.`;
  void showWarning(message, `Stop All ${dependents.length + views.length}`).then((answer) => {
    return answer === undefined ? undefined : stopForPerson(ports, views);
  });
}

/**
 * Stops all of them; what could not be stopped is told in one message. Dependents are asked for first: each is then
 * stopped because the person said so, and not because of what it depends on.
 */
export async function stopForPerson(ports: CommandPorts, views: readonly BackendView[]): Promise<void> {
  const results = await Promise.all(dependentsFirst(ports.store, views).map((view) => attempt(ports, view)));
  ports.failures.show(results.filter((result) => result !== undefined));
}

/** Those that others of `views` depend on come last. */
export function dependentsFirst(store: BackendStore, views: readonly BackendView[]): readonly BackendView[] {
  const needs = (view: BackendView): number =>
    runningDependents(store, [view]).filter((other) => views.some(({ key }) => key === other.key)).length;
  return views
    .map((view) => ({ view, dependents: needs(view) }))
    .sort((a, b) => a.dependents - b.dependents)
    .map(({ view }) => view);
}

async function attempt(ports: CommandPorts, view: BackendView): Promise<FailedBackend | undefined> {
  try {
    await ports.actions.stop(view.key, 'stopped by you');
    return undefined;
  } catch (error) {
    return { view, failure: failureOf(error).failure };
  }
}

/** Everything that runs and needs one of `views`, directly or through others, without `views` themselves. */
export function runningDependents(store: BackendStore, views: readonly BackendView[]): readonly BackendView[] {
  const chosen = new Set(views.map((view) => view.key));
  const dependents = new Set<string>();
  for (const view of views) {
    const declared = store.folderOf(view)?.backends ?? [];
    for (const name of dependentsOf(declared, view.name)) dependents.add(backendKey(view.folderPath, name));
  }
  return store.views().filter((view) => dependents.has(view.key) && !chosen.has(view.key) && isUp(view));
}
