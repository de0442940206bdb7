import { errorMessage } from '../base/errors';
import type { BackendDefinition } from '../model/backendDefinition';
import { stopWaves } from '../model/startOrder';

/** Ends backends of one folder, dependents before what they depend on; rejects with the first trouble, after all were tried. */
export async function stopInWaves(
  siblings: readonly BackendDefinition[],
  names: readonly string[],
  stop: (name: string) => Promise<void> | undefined,
  goOn: () => boolean = () => true,
): Promise<void> {
  const troubles: unknown[] = [];
  for (const wave of stopWaves(siblings, names)) {
    if (!goOn()) break;
    const ends = wave.map(async (name) => stop(name));
    for (const end of await Promise.allSettled(ends)) if (end.status === 'rejected') troubles.push(end.reason);
  }
  const [first] = troubles;
  if (first !== undefined) throw first instanceof Error ? first : new Error(errorMessage(first));
}
