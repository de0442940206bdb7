import type { ReadBackend } from './readBackend';

/** Longer ones are not spelled out. */
const longestSpelledCycle = 12;

/** Every backend of a cycle waits for itself in the end: each is refused, at the dependency that closes it. */
export function checkCycles(backends: ReadonlyMap<string, ReadBackend>): void {
  for (const group of cyclicGroups(backends)) {
    const members = new Set(group);
    for (const name of group) {
      const backend = backends.get(name);
      const step = backend?.dependsOn.find((dependency) => members.has(dependency.name));
      if (backend !== undefined && step !== undefined) {
        backend.reader.report('cycle', step.node, describe(name, members, backends));
      }
    }
  }
}

function describe(name: string, members: ReadonlySet<string>, backends: ReadonlyMap<string, ReadBackend>): string {
  const path = members.size <= longestSpelledCycle ? shortestWayBack(name, members, backends) : [];
  if (path.length === 0) return `"${name}" depends on itself through a cycle among ${members.size} backends.`;
  return `Backends wait for each other: ${path.join(' → ')}.`;
}

function shortestWayBack(
  name: string,
  members: ReadonlySet<string>,
  backends: ReadonlyMap<string, ReadBackend>,
): readonly string[] {
  const seen = new Set<string>();
  let ways: string[][] = [[name]];
  while (ways.length > 0) {
    const longer: string[][] = [];
    for (const way of ways) {
      for (const next of backends.get(way.at(-1) ?? '')?.dependsOn ?? []) {
        if (next.name === name) return [...way, name];
        if (!members.has(next.name) || seen.has(next.name)) continue;
        seen.add(next.name);
        longer.push([...way, next.name]);
      }
    }
    ways = longer;
  }
  return [];
}

interface Visit {
  readonly name: string;
  readonly index: number;
  low: number;
  next: number;
  onStack: boolean;
}

/** Tarjan's strongly connected components with more than one member; without recursion, for chains may be long. */
function cyclicGroups(backends: ReadonlyMap<string, ReadBackend>): readonly string[][] {
  const visits = new Map<string, Visit>();
  const component: Visit[] = [];
  const groups: string[][] = [];
  const open = (name: string): Visit => {
    const visit = { name, index: visits.size, low: visits.size, next: 0, onStack: true };
    visits.set(name, visit);
    component.push(visit);
    return visit;
  };
  for (const root of backends.keys()) {
    const path: Visit[] = visits.has(root) ? [] : [open(root)];
    for (let current = path.at(-1); current !== undefined; current = path.at(-1)) {
      const child = backends.get(current.name)?.dependsOn[current.next++]?.name;
      if (child === undefined) {
        path.pop();
        const parent = path.at(-1);
        if (parent !== undefined) parent.low = Math.min(parent.low, current.low);
        if (current.low === current.index) close(current, component, groups);
      } else if (backends.has(child)) {
        const seen = visits.get(child);
        if (seen === undefined) path.push(open(child));
        else if (seen.onStack) current.low = Math.min(current.low, seen.index);
      }
    }
  }
  return groups;
}

function close(root: Visit, component: Visit[], groups: string[][]): void {
  const group: string[] = [];
  for (let member = component.pop(); member !== undefined; member = component.pop()) {
    member.onStack = false;
    group.push(member.name);
    if (member === root) break;
  }
  if (group.length > 1) groups.push(group.reverse());
}
