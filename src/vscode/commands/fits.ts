import { mayHaveProcess, type BackendState } from '../../model/backendState';
import { neverSleeps } from '../../model/rowText';
import type { BackendView } from '../../model/snapshot';

const startable: ReadonlySet<BackendState> = new Set<BackendState>(['stopped', 'failed', 'quiesced']);

/** A backend with a problem is offered too: starting it tells what is wrong, where leaving it out would puzzle. */
export function canStart(view: BackendView): boolean {
  return startable.has(view.state);
}

/** A failed one too: stopping it clears the failure, ends what is left of it and calls off a restart. */
export function canStop(view: BackendView): boolean {
  return isUp(view) || view.state === 'quiesced' || view.state === 'failed';
}

/** What is offered for one backend alone. A one-shot that is done runs no more; stopping all forgets that it is done. */
export function isWorthStopping(view: BackendView): boolean {
  return canStop(view) && !(view.oneShot && view.state === 'ready');
}

export function canRestart(view: BackendView): boolean {
  return view.state === 'ready' || view.state === 'starting' || view.state === 'draining';
}

/** A one-shot does not sleep. */
export function canSleep(view: BackendView): boolean {
  return view.state === 'ready' && !view.oneShot;
}

/** Nothing needs to be kept awake that would not sleep by itself. */
export function canKeepAwake(view: BackendView): boolean {
  return isUp(view) && view.state !== 'stopping' && !view.oneShot && !neverSleeps(view);
}

export function isKeptAwake(view: BackendView): boolean {
  return view.keepAwakeUntil !== undefined;
}

/** Processes that would not end when it was stopped. */
export function hasLeftovers({ failure }: Pick<BackendView, 'failure'>): boolean {
  return (failure?.leftovers?.length ?? 0) > 0;
}

export function hasUrl(view: BackendView): boolean {
  return view.url !== undefined;
}

/** Somebody answers there. */
export function canOpen(view: BackendView): boolean {
  return hasUrl(view) && (view.state === 'ready' || view.state === 'draining');
}

/** A process runs or is about to. */
export function isUp(view: BackendView): boolean {
  return mayHaveProcess(view.state) || view.state === 'waiting';
}
