import type { BackendDefinition } from '../model/backendDefinition';

/**
 * Stable text of all that a running process was started with. What may change under a running process
 * (idle timeout, probes, dependencies, stop, restart, automatic start) is left out. The caller hashes it if it is kept.
 */
export function launchFingerprint(definition: BackendDefinition): string {
  const { command, cwd, env, envFile, port, gateway, oneShot, stop } = definition;
  const environment = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  const fds = definition.ready.probes.filter((probe) => probe.kind === 'fd').map(({ fd }) => fd);
  const launch = [command, cwd ?? null, environment, envFile, port ?? null, gateway ?? null, oneShot];
  // Without one the text is what it was before there were any: what was agreed to then is agreed to now.
  const socketActivation = definition.socketActivation === true;
  const more = fds.length === 0 && !socketActivation ? [] : [fds, socketActivation];
  return JSON.stringify([...launch, ...more, ...(stop.strict === true ? ['strict'] : [])]);
}

/** Stable text of all that may run because of a definition: the process, and whatever it is asked by. */
export function whatRuns(definition: BackendDefinition): string {
  const { ready, liveness, stop } = definition;
  return JSON.stringify([launchFingerprint(definition), ready.probes, liveness ?? null, stop.quiesce ?? null]);
}

/** Whether a process started from `before` needs a restart to be what `after` says. */
export function definitionChanged(before: BackendDefinition, after: BackendDefinition): boolean {
  return launchFingerprint(before) !== launchFingerprint(after);
}
