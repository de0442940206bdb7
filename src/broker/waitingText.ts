import type { WaitingText } from '../gateway/gatewayEvents';
import type { BackendRecord } from './backendRecord';

/** What a person reads in the browser while a backend comes up. */
export function waitingText(
  record: BackendRecord,
  facts: { readonly nowWallMs: number; readonly typicalReadyMs: number | undefined; readonly log: readonly string[] },
): WaitingText {
  const { definition, detail, state, stateSinceWallMs } = record;
  const seconds = Math.max(0, Math.round((facts.nowWallMs - stateSinceWallMs) / 1_000));
  const usually = facts.typicalReadyMs === undefined ? '' : `, usually ${(facts.typicalReadyMs / 1_000).toFixed(1)} s`;
  return {
    title: `${definition.name} is ${state === 'waiting' ? 'waiting' : 'starting'}…`,
    lines: [`For ${seconds} s${usually}.`, ...(detail === undefined ? [] : [detail])],
    log: facts.log,
  };
}
