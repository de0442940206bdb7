/** Which starts hold up the most: those that the longest chain of others waits for. Pure; milliseconds. */
import type { BackendDefinition } from './backendDefinition';
import { DependencyGraph } from './dependencyGraph';

export interface ExpectedStart extends Pick<BackendDefinition, 'name' | 'dependsOn'> {
  /** From past starts; undefined where there were none. */
  readonly typicalMs?: number;
}

/** Counted for a backend that was never started: any chain is longer than its parts. */
const unknownStartMs = 1_000;

/**
 * For each of `starts`, which are all that start now: the time from its own start until the last of those that
 * wait for it, directly or through others, is ready. Members of a cycle count as started together.
 */
export function remainingPaths(starts: readonly ExpectedStart[]): ReadonlyMap<string, number> {
  const graph = new DependencyGraph(starts);
  const ownMs = new Map(starts.map(({ name, typicalMs }) => [name, typicalMs ?? unknownStartMs]));
  const pathMs = new Map<string, number>();
  for (const group of graph.groups().toReversed()) {
    const afterMs = Math.max(
      0,
      ...group.flatMap((name) => graph.dependentsOf(name)).map((name) => pathMs.get(name) ?? 0),
    );
    for (const name of group) pathMs.set(name, afterMs + (ownMs.get(name) ?? 0));
  }
  return pathMs;
}

/** `starts` with the longest remaining path first; of equals the one that the file names first. */
export function criticalFirst<T extends ExpectedStart>(starts: readonly T[]): T[] {
  const pathMs = remainingPaths(starts);
  return [...starts].sort((a, b) => (pathMs.get(b.name) ?? 0) - (pathMs.get(a.name) ?? 0));
}
