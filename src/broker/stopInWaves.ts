import type { BackendDefinition } from '../model/backendDefinition';
import { stopWaves } from '../model/startOrder';

/**
 * Ends backends of one folder, dependents before what they depend on; rejects with the first trouble, after all were
 * tried. All stops are announced at once, each with what it waits for, so that nobody builds upon one that comes later.
 */
export async function stopInWaves(
  siblings: readonly BackendDefinition[],
  names: readonly string[],
  stop: (name: string, before: Promise<boolean>) => Promise<void> | undefined,
  goOn: () => boolean = () => true,
): Promise<void> {
  const ends: Promise<void>[] = [];
  let goesOn = Promise.resolve(goOn());
  for (const wave of stopWaves(siblings, names)) {
    const before = goesOn;
    const stops = wave.flatMap((name) => stop(name, before) ?? []);
    ends.push(...stops);
    goesOn = Promise.all([before, Promise.allSettled(stops)]).then(([went]) => went && goOn());
  }
  await Promise.allSettled(ends);
  await Promise.all(ends);
}
