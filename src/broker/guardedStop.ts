import type { Run, StopOptions, StopResult } from '../platform/process/types';
import type { LeashedRun } from '../platform/process/leashOrders';
import type { EndTarget, LedgerEntry } from './ledgerEntry';
import type { BrokerPorts } from './ports';

/**
 * Ends a run between two words to the guard: a broker that is killed meanwhile has one after it that goes on with the
 * end, and sends no second signal.
 */
export function guardedStop(
  { processes, guard }: Pick<BrokerPorts, 'processes' | 'guard'>,
  run: Run,
  options: StopOptions,
  to: EndTarget,
): Promise<StopResult> {
  return processes.stop(run, {
    ...options,
    beforeFirstSignal: () => guard.ending(run.marker, to),
    afterFirstSignal: () => guard.signalled(run.marker),
  });
}

/**
 * How the run of an entry is to be ended. One that was told already is only kept from being suspended; where it was noted that it
 * would be, and not that it was, that is in doubt.
 */
export function stopOf({
  stop,
  ending,
}: Pick<LedgerEntry, 'stop' | 'ending'>): Pick<
  LeashedRun & StopOptions,
  'signal' | 'graceMs' | 'keep' | 'perhapsTold'
> {
  if (ending === undefined) return stop;
  return ending.signalled === true ? { ...stop, signal: 'SIGCONT' } : { ...stop, perhapsTold: true };
}
