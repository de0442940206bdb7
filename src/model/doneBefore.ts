/**
 * A one-shot that ended well leaves nothing that a later broker could take over. That a backend which depends on it had
 * been started tells that it was done. Pure.
 */
import type { BackendState } from './backendState';

export interface DoneBeforeFacts {
  /** Nobody asks for it by hand: the backend is woken, or started again by its policy. */
  readonly byItself: boolean;
  /** The one that depends on it was started, with it, by an earlier broker. */
  readonly broughtBefore: boolean;
  readonly oneShot: boolean;
  readonly state: BackendState;
  /** A start of it was tried since: what came of that is known. */
  readonly startedHere: boolean;
}

/** Whether it need not run again now. A person's start runs it: what it does may have changed. */
export function wasDoneBefore(facts: DoneBeforeFacts): boolean {
  return facts.byItself && facts.broughtBefore && facts.oneShot && facts.state === 'stopped' && !facts.startedHere;
}
