import { isComplete, isUnfinished } from './keepVanished';
import type { ParsedConfig } from './parse';
import type { ConfigProblem } from './problem';

/** The first mistake of the file as a whole, which no backend's row could show. */
export function fileTrouble(parsed: ParsedConfig): ConfigProblem | undefined {
  const { problems } = parsed;
  if (!isComplete(parsed)) return problems.find(isUnfinished);
  // Where backends could be read, rows and the Problems view tell what is wrong.
  if (parsed.backends.length > 0) return undefined;
  return problems.find(({ severity, backend }) => severity === 'error' && backend === undefined);
}
