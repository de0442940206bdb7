/** In which order the backends of one folder are started and stopped. Deterministic, and safe with cycles. */
import type { BackendDefinition } from './backendDefinition';
import { DependencyGraph, reach } from './dependencyGraph';

type Declared = Pick<BackendDefinition, 'name' | 'dependsOn'>;

export interface MissingDependency {
  readonly backend: string;
  readonly missing: string;
}

/**
 * All that must be ready for `names`, those included: dependencies first. Names that nothing declares are
 * left out. Members of a cycle stand beside each other.
 */
export function startClosure(backends: readonly Declared[], names: readonly string[]): string[] {
  const graph = new DependencyGraph(backends);
  const needed = reach(names, (name) => graph.dependenciesOf(name));
  return graph.groups().flatMap((group) => group.filter((name) => needed.has(name)));
}

/** All that depend on `name`, directly or through others, without itself; in the order of the file. */
export function dependentsOf(backends: readonly Declared[], name: string): string[] {
  const graph = new DependencyGraph(backends);
  const reached = reach(graph.dependentsOf(name), (n) => graph.dependentsOf(n));
  return graph.names.filter((n) => n !== name && reached.has(n));
}

/**
 * `names` in the order of stopping: each wave can go in parallel and waits for the one before. A backend goes
 * after all of `names` that depend on it, even through backends that are not among them. Members of a cycle
 * go together.
 */
export function stopWaves(backends: readonly Declared[], names: readonly string[]): string[][] {
  const graph = new DependencyGraph(backends);
  const stopping = new Set(names);
  const waveOf = new Map<string, number>();
  const waves: string[][] = [];
  for (const group of graph.groups().toReversed()) {
    const wave = group.reduce((latest, name) => Math.max(latest, waveOf.get(name) ?? 0), 0);
    const members = group.filter((name) => stopping.has(name));
    if (members.length > 0) (waves[wave] ??= []).push(...members);
    const next = members.length > 0 ? wave + 1 : wave;
    for (const dependency of group.flatMap((name) => graph.dependenciesOf(name))) {
      waveOf.set(dependency, Math.max(waveOf.get(dependency) ?? 0, next));
    }
  }
  const position = new Map(graph.names.map((name, index) => [name, index]));
  return waves.map((wave) => wave.sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0)));
}

/** Dependencies that nothing declares, in the order of the file. */
export function missingDependencies(backends: readonly Declared[]): MissingDependency[] {
  const declared = new Set(backends.map((b) => b.name));
  return backends.flatMap(({ name, dependsOn }) =>
    dependsOn.filter((d) => !declared.has(d)).map((missing) => ({ backend: name, missing })),
  );
}

/**
 * Circles of dependencies, each as the walk `a, b, c` that means a → b → c → a, beginning with the member
 * that the file names first among those no circle before it has. Every backend that is part of a circle is in at least one of them.
 */
export function findCycles(backends: readonly Declared[]): string[][] {
  const graph = new DependencyGraph(backends);
  const circular = new Map(graph.groups().flatMap((group) => group.map((name) => [name, new Set(group)] as const)));
  const covered = new Set<string>();
  const cycles: string[][] = [];
  for (const name of graph.names) {
    if (covered.has(name)) continue;
    const within = circular.get(name) ?? new Set<string>();
    const cycle = shortestCycle(name, (n) => graph.dependenciesOf(n).filter((d) => within.has(d)));
    if (cycle === undefined) continue;
    for (const member of cycle) covered.add(member);
    cycles.push(cycle);
  }
  return cycles;
}

/** Breadth first, so that the shortest way back is found first. */
function shortestCycle(start: string, next: (name: string) => readonly string[]): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const name of queue) {
    for (const neighbour of next(name)) {
      if (neighbour === start) return walkBack(name, cameFrom);
      if (cameFrom.has(neighbour)) continue;
      cameFrom.set(neighbour, name);
      queue.push(neighbour);
    }
  }
  return undefined;
}

function walkBack(last: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path: string[] = [];
  for (let name: string | undefined = last; name !== undefined; name = cameFrom.get(name)) path.push(name);
  return path.reverse();
}
