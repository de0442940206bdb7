import type { BackendState } from '../../../src/model/backendState';
import type { BackendView, HoldView, IdleView } from '../../../src/model/snapshot';

/** A view of the backend `web` in the given state, with whatever a test wants to differ. */
export function viewOf(state: BackendState, differences: Partial<BackendView> = {}): BackendView {
  const name = differences.name ?? 'web';
  return {
    key: `/work#${name}`,
    name,
    folder: 'work',
    folderPath: '/work',
    state,
    stateSince: 0,
    restartToApply: false,
    oneShot: false,
    ...differences,
  };
}

export function idleOf(remainingMs: number, ...holds: HoldView[]): IdleView {
  return { idleTimeoutMs: 30_000, remainingMs, holds };
}
