/** Whose turn it is when more backends start than may start at the same time. */
import * as os from 'node:os';
import type { BackendState } from '../model/backendState';
import { remainingPaths } from '../model/criticalPath';
import type { BackendRecord } from './backendRecord';
import type { HistoryPort } from './ports';

const onTheWay: readonly BackendState[] = ['waiting', 'starting'];

/** Heavy starts at the same time: by cores unless the person said a number. */
export function startSlots(setting: number): number {
  return setting > 0 ? setting : Math.max(2, os.availableParallelism());
}

/** How long others wait for it: of all that start now in its folder, the longest chain behind it. */
export function remainingPathMs(
  record: BackendRecord,
  siblings: readonly BackendRecord[],
  history: Pick<HistoryPort, 'expectation'>,
): number {
  const starting = siblings
    .filter((other) => other === record || onTheWay.includes(other.state))
    .map((other) => {
      const { typicalMs } = history.expectation(other.startId) ?? {};
      return { ...other.definition, ...(typicalMs !== undefined && { typicalMs }) };
    });
  return remainingPaths(starting).get(record.definition.name) ?? 0;
}
