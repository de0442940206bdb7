import { constants, openSync } from 'node:fs';

/**
 * Opens a file of one's own for appending, readable by its owner only, and never what a link leads to.
 * (Windows has no O_NOFOLLOW: there it is undefined and adds nothing.) Throws what the system says.
 */
export function openAppend(path: string): number {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  return openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
}
