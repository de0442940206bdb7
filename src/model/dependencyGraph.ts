import type { BackendDefinition } from './backendDefinition';

type Declared = Pick<BackendDefinition, 'name' | 'dependsOn'>;

/**
 * Which backend of one folder depends on which. Names that nothing declares are left out. Every list is in
 * the order of the file, so that the same file always gives the same answer. All walks are loops: a chain
 * of any length must not exhaust the stack.
 */
export class DependencyGraph {
  readonly names: readonly string[];
  private readonly dependencies: ReadonlyMap<string, readonly string[]>;
  private readonly dependents: ReadonlyMap<string, readonly string[]>;

  constructor(backends: readonly Declared[]) {
    const declared = new Set(backends.map((b) => b.name));
    const dependencies = new Map<string, readonly string[]>();
    const dependents = new Map<string, string[]>([...declared].map((name) => [name, []]));
    for (const { name, dependsOn } of backends) {
      if (dependencies.has(name)) continue;
      const known = [...new Set(dependsOn)].filter((d) => declared.has(d));
      dependencies.set(name, known);
      for (const dependency of known) dependents.get(dependency)?.push(name);
    }
    this.names = [...declared];
    this.dependencies = dependencies;
    this.dependents = dependents;
  }

  dependenciesOf(name: string): readonly string[] {
    return this.dependencies.get(name) ?? [];
  }

  dependentsOf(name: string): readonly string[] {
    return this.dependents.get(name) ?? [];
  }

  /**
   * Backends in groups, dependencies before dependents. A group has one member, unless backends depend on
   * each other in a circle: those share one group (strongly connected components, Tarjan's algorithm).
   */
  groups(): readonly (readonly string[])[] {
    const walk = new ComponentWalk((name) => this.dependenciesOf(name));
    for (const name of this.names) walk.visit(name);
    return walk.components;
  }
}

/** `starts` and all that can be reached from them. */
export function reach(starts: Iterable<string>, next: (name: string) => readonly string[]): Set<string> {
  const seen = new Set(starts);
  // A set may grow while it is walked; what is added is visited too.
  for (const name of seen) for (const neighbour of next(name)) seen.add(neighbour);
  return seen;
}

interface Frame {
  readonly name: string;
  readonly next: Iterator<string, undefined>;
}

/** One run of Tarjan's algorithm with its own stack. */
class ComponentWalk {
  readonly components: string[][] = [];
  private readonly order = new Map<string, number>();
  private readonly low = new Map<string, number>();
  private readonly open: string[] = [];
  private readonly isOpen = new Set<string>();

  constructor(private readonly neighbours: (name: string) => readonly string[]) {}

  visit(root: string): void {
    if (this.order.has(root)) return;
    const frames = [this.enter(root)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const { done, value } = frame.next.next();
      if (!done) {
        if (!this.order.has(value)) frames.push(this.enter(value));
        else if (this.isOpen.has(value)) this.lower(frame.name, this.order.get(value));
        continue;
      }
      frames.pop();
      const parent = frames.at(-1);
      if (parent !== undefined) this.lower(parent.name, this.low.get(frame.name));
      if (this.low.get(frame.name) === this.order.get(frame.name)) this.close(frame.name);
    }
  }

  private enter(name: string): Frame {
    const number = this.order.size;
    this.order.set(name, number);
    this.low.set(name, number);
    this.open.push(name);
    this.isOpen.add(name);
    return { name, next: this.neighbours(name)[Symbol.iterator]() };
  }

  private lower(name: string, candidate = Infinity): void {
    this.low.set(name, Math.min(this.low.get(name) ?? Infinity, candidate));
  }

  private close(root: string): void {
    const members = this.open.splice(this.open.lastIndexOf(root));
    for (const name of members) this.isOpen.delete(name);
    this.components.push(members);
  }
}
