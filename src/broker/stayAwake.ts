import type { AwakeLook } from './actorServices';
import type { BackendRecord } from './backendRecord';
import type { HoldRegistry } from './holds';
import type { IdleLoop } from './idleLoop';

/** What a person relies on, and a sleep asked for by hand respects. */
const reliedOn = ['dependent', 'debug', 'api', 'task', 'agent'] as const;

/** Why a backend must not sleep now, in words; undefined when it may. */
export async function stayAwake(
  record: BackendRecord,
  { asked, withoutWork }: AwakeLook,
  holds: HoldRegistry,
  idle: IdleLoop,
): Promise<string | undefined> {
  const kinds = asked ? reliedOn : ([...reliedOn, 'keepAwake'] as const);
  const hold = holds.firstOf(record.key, kinds);
  if (hold !== undefined) return hold.reason;
  return asked ? undefined : idle.lastLook(record.key, withoutWork);
}
