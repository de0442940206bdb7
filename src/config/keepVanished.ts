import type { BackendDefinition } from '../model/backendDefinition';
import type { ParsedConfig } from './parse';
import type { ConfigProblem } from './problem';

const cannotBeRead = 'backends.json cannot be read completely at the moment.';

/** Says nothing against what was started from the file before: that may be woken and restarted. */
export function isUnreadOnly({ problem }: BackendDefinition): boolean {
  return problem === cannotBeRead;
}

/** Whether the text says all it meant to: a file that is being typed, or half saved, does not. */
export function isComplete({ problems }: ParsedConfig): boolean {
  return !problems.some(isUnfinished);
}

/** A problem of the text itself, which hides what the file says. */
export function isUnfinished({ code }: ConfigProblem): boolean {
  return incomplete.has(code);
}

const incomplete: ReadonlySet<string> = new Set(['syntax', 'empty', 'tooLarge', 'binary', 'tooDeep']);

/**
 * What a file declares that cannot be read completely: backends that were declared `before` and are not found now, or not
 * whole, stay as they were, not to be started anew. A missing brace must not take running backends away from their
 * window, nor keep what is asleep from being woken.
 */
export function keepVanished(
  found: readonly BackendDefinition[],
  before: readonly BackendDefinition[],
): readonly BackendDefinition[] {
  const byName = new Map(found.map((definition) => [definition.name, definition]));
  const known = new Set(before.map(({ name }) => name));
  return [
    ...before.map((definition): BackendDefinition => {
      const now = byName.get(definition.name);
      if (now !== undefined && now.problem === undefined) return now;
      return { ...definition, problem: definition.problem ?? cannotBeRead };
    }),
    ...found.filter(({ name }) => !known.has(name)),
  ];
}
