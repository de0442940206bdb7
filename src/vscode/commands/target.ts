import { BackendNode } from '../tree/nodes';

/**
 * Who called a command, and for which backends. A person comes from the palette (no key), from a row, or from a
 * link of ours; everything else with a name is code and is told errors by a rejected promise.
 */
export type CommandTarget =
  { readonly by: 'person'; readonly names: readonly string[] } | { readonly by: 'code'; readonly name: string };

/** Marks the arguments of command links in our own tooltips: those are clicked by a person. */
export interface LinkArgument {
  readonly key: string;
  readonly clicked: true;
}

/**
 * Reads the arguments of a command: nothing, a name, a row with the selected rows, `{name}` or `{key}`.
 * A row command gets `undefined` while the tree refreshes: then the person is asked.
 */
export function readTarget(argument: unknown, selected?: unknown): CommandTarget {
  if (typeof argument === 'string') return { by: 'code', name: argument };
  if (argument instanceof BackendNode) return { by: 'person', names: selectedKeys(argument, selected) };
  const name = property(argument, 'key') ?? property(argument, 'name');
  if (name === undefined) return { by: 'person', names: [] };
  return isClicked(argument) ? { by: 'person', names: [name] } : { by: 'code', name };
}

function selectedKeys(clicked: BackendNode, selected: unknown): readonly string[] {
  const rows = Array.isArray(selected) ? selected.filter((row) => row instanceof BackendNode) : [];
  // An inline button of a row outside the selection means that row only.
  return rows.some((row) => row.key === clicked.key) ? rows.map((row) => row.key) : [clicked.key];
}

function property(argument: unknown, name: 'key' | 'name'): string | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const value: unknown = Reflect.get(argument, name);
  return typeof value === 'string' ? value : undefined;
}

function isClicked(argument: unknown): boolean {
  return typeof argument === 'object' && argument !== null && Reflect.get(argument, 'clicked') === true;
}
