import { isComplete, isUnfinished } from './keepVanished';
import type { ParsedConfig } from './parse';
import type { ConfigProblem } from './problem';

/** The first mistake of the file as a whole, which no backend's row could show. */
export function fileTrouble(parsed: ParsedConfig): ConfigProblem | undefined {
  const { problems } = parsed;
  if (!isComplete(parsed)) return problems.find(isUnfinished);
  return problems.find(({ severity, backend }) => severity === 'error' && backend === undefined);
}
