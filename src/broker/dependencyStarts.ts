/** Brings up what one backend depends on, all at once, and notes how long it had to wait for each. */
import type { CancellationSignal } from '../base/cancellation';
import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/lifecycle';
import { BackendFailure } from '../protocol/backendFailure';
import { wasDoneBefore } from '../model/doneBefore';
import type { BackendActor } from './backendActor';
import type { BackendRecord } from './backendRecord';
import * as failures from './failures';
import { spendsBudget, type StartRequest } from './startRequest';

export interface DependencyStarts {
  readonly record: BackendRecord;
  readonly request: StartRequest;
  readonly cancel: CancellationSignal;
  readonly clock: Clock;
  find(name: string): BackendActor | undefined;
}

type Wanted = Pick<DependencyStarts, 'record' | 'request' | 'find'>;

/** Names of those it needs that are not ready now. */
export function missingDependencies(wanted: Wanted): readonly string[] {
  return neededNames(wanted).filter((name) => wanted.find(name)?.isReadyToUse !== true);
}

function neededNames({ record, request, find }: Wanted): readonly string[] {
  return record.definition.dependsOn.filter((name) => {
    const dependency = find(name)?.record;
    if (dependency === undefined) return true;
    return !wasDoneBefore({
      byItself: spendsBudget(request.origin),
      broughtBefore: record.broughtBefore.has(name),
      oneShot: dependency.definition.oneShot,
      state: dependency.state,
      startedHere: dependency.lastLaunch !== undefined,
    });
  });
}

/** Rejects with the failure of the first that does not come, or when the start is cancelled. */
export async function bringDependencies(starts: DependencyStarts): Promise<void> {
  const { record, request, cancel, clock } = starts;
  const needed = neededNames(starts);
  const dependencies = needed.map((name) => {
    const dependency = starts.find(name);
    if (dependency !== undefined) return { name, dependency };
    throw failures.invalidDefinition(record, `it depends on "${name}", which is not declared.`);
  });
  const beganMs = clock.nowMs();
  const missing = new Set(needed);
  const arrived = (name: string): void => {
    missing.delete(name);
    record.addWait({ dependency: name, waitedMs: clock.nowMs() - beganMs });
    if (record.state === 'waiting' && missing.size > 0) record.waitingFor([...missing]);
  };
  // Another port is wished for the one that was asked for, not for those it needs.
  const theirs = { ...request, anotherPort: false };
  const begun = dependencies.map(({ name, dependency }) => {
    const isThere = dependency.isReadyToUse;
    if (isThere) missing.delete(name);
    return { name, isThere, ...dependency.start(requestFor(record, theirs)) };
  });
  const ready = Promise.all(
    begun.map(async ({ name, isThere, done }) => {
      try {
        await done;
      } catch (error) {
        throw error instanceof BackendFailure ? failures.dependencyFailed(record, name, error) : error;
      }
      if (!isThere) arrived(name);
    }),
  );
  const owned = new DisposableStore();
  const givenUp = new Promise<'givenUp'>((resolve) => owned.add(cancel.onCancelled(() => resolve('givenUp'))));
  try {
    if ((await Promise.race([givenUp, ready])) !== 'givenUp') return;
  } finally {
    owned.dispose();
  }
  ready.catch(() => {});
  // Those that others want too are left to them.
  await Promise.allSettled(begun.filter((start) => start.stepBack()).map((start) => start.done));
  throw failures.cancelled(record, 'the start was cancelled.');
}

/** A dependency is woken for whom it is needed by. */
function requestFor({ definition }: BackendRecord, request: StartRequest): StartRequest {
  return request.origin === 'wake' ? { ...request, cause: `woken for ${definition.name}` } : request;
}
