/** The states of a backend and which may follow which. CONTRIBUTING.md's diagram is generated from this table. */

export const backendStates = [
  'stopped',
  'waiting',
  'starting',
  'ready',
  'draining',
  'quiesced',
  'stopping',
  'failed',
] as const;

export type BackendState = (typeof backendStates)[number];

export interface Transition {
  readonly from: BackendState;
  readonly to: BackendState;
  readonly when: string;
}

export const transitions: readonly Transition[] = [
  { from: 'stopped', to: 'waiting', when: 'start, a dependency is not ready' },
  { from: 'stopped', to: 'starting', when: 'start' },
  { from: 'stopped', to: 'stopping', when: 'taken over while it was stopped' },
  { from: 'stopped', to: 'draining', when: 'taken over on its way to sleep' },
  { from: 'stopped', to: 'quiesced', when: 'taken over asleep' },
  { from: 'waiting', to: 'starting', when: 'all dependencies are ready' },
  { from: 'waiting', to: 'failed', when: 'a dependency failed' },
  { from: 'waiting', to: 'stopped', when: 'stop or cancel' },
  { from: 'starting', to: 'ready', when: 'all readiness probes hold' },
  { from: 'starting', to: 'failed', when: 'exited before ready, hard ceiling, spawn error' },
  { from: 'starting', to: 'stopping', when: 'stop or cancel' },
  { from: 'ready', to: 'draining', when: 'idle timeout' },
  { from: 'ready', to: 'stopping', when: 'stop by the user' },
  { from: 'ready', to: 'failed', when: 'it exited' },
  { from: 'draining', to: 'ready', when: 'activity before the first signal' },
  { from: 'draining', to: 'quiesced', when: 'all processes are gone' },
  { from: 'draining', to: 'stopping', when: 'stop by the user' },
  { from: 'draining', to: 'failed', when: 'it could not be put to sleep' },
  { from: 'quiesced', to: 'waiting', when: 'wake or start, a dependency is not ready' },
  { from: 'quiesced', to: 'starting', when: 'wake or start' },
  { from: 'quiesced', to: 'stopped', when: 'stop by the user frees the port' },
  { from: 'stopping', to: 'stopped', when: 'no process is left and the port is free' },
  { from: 'stopping', to: 'failed', when: 'leftovers that would not go; the failed start was cleaned up' },
  { from: 'failed', to: 'waiting', when: 'start, a dependency is not ready' },
  { from: 'failed', to: 'starting', when: 'start or automatic restart' },
  { from: 'failed', to: 'stopped', when: 'stop by the user' },
  { from: 'failed', to: 'stopping', when: 'stop by the user, processes are left' },
];

/** Whether the table allows the step. */
export function canFollow(from: BackendState, to: BackendState): boolean {
  return transitions.some((t) => t.from === from && t.to === to);
}

/** States in which a process of the backend may exist. */
export function mayHaveProcess(state: BackendState): boolean {
  return state === 'starting' || state === 'ready' || state === 'draining' || state === 'stopping';
}
