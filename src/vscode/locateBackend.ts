import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/** Offset at which the backend is declared in the text of a `backends.json`; undefined when it is not there. */
export function locateBackend(text: string, name: string): number | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root === undefined) return undefined;
  return findNodeAtLocation(root, ['backends', name])?.parent?.offset;
}
