import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/lifecycle';
import type { BackendActions } from './backendActions';
import type { BrokerLink } from '../protocol/brokerLink';
import type { DetailsSource } from './tree/rowTooltip';

/** Somebody is looking at a hover meanwhile. */
const patienceMs = 2_000;

/** Asks a connected broker for details; looking at a row never starts one. */
export function detailsSource(link: Pick<BrokerLink, 'state'>, actions: BackendActions, clock: Clock): DetailsSource {
  return async (key) => {
    if (link.state !== 'connected') return undefined;
    const owned = new DisposableStore();
    const late = new Promise<undefined>((resolve) => owned.add(clock.setTimer(patienceMs, () => resolve(undefined))));
    try {
      return await Promise.race([actions.details(key), late]);
    } catch {
      // Gone in the meantime, or no answer: what the store knows is shown without it.
      return undefined;
    } finally {
      owned.dispose();
    }
  };
}
