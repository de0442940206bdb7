import { browsersText, isPersonsBrowser } from './browsers';
import type { ProcTable } from './procTable';

/**
 * Those of the keep-list: their command line holds one of its texts, or is that of a person's browser where the list says
 * so. Build daemons serve others too, and end by themselves.
 */
export function keptBy(
  texts: readonly string[],
  table: Pick<ProcTable, 'wholeCommandOf'>,
): {
  readonly keeps?: (pid: number) => boolean;
} {
  const named = texts.filter((text) => text !== '');
  if (named.length === 0) return {};
  return {
    keeps: (pid) => {
      const command = table.wholeCommandOf(pid);
      return named.some((text) => (text === browsersText ? isPersonsBrowser(command) : command.includes(text)));
    },
  };
}
