import { isUnreadOnly } from '../config/keepVanished';
import { backendUrl } from '../model/backendUrl';
import type { BackendView, IdleView, SpawnWaitView } from '../model/snapshot';
import type { StartExpectation } from '../model/startExpectation';
import type { BackendRecord } from './backendRecord';
import { dropUndefined } from './dropUndefined';
import type { Hold } from './holds';
import type { CountdownView } from './idleLoop';
import { isKnown } from './wakeRequest';

export interface ViewParts {
  readonly record: BackendRecord;
  readonly nowMs: number;
  readonly spawnWait: SpawnWaitView | undefined;
  readonly idle: CountdownView | undefined;
  readonly holds: readonly Hold[];
  readonly keepAwakeUntil: number | 'forever' | undefined;
  readonly expectation: StartExpectation | undefined;
  /** What wakes it when it is asleep; undefined where nothing would. */
  readonly wakesOn: 'data' | 'connect' | undefined;
}

function problemOf({ definition, state }: BackendRecord): string | undefined {
  // Its next request wakes it all the same.
  return state === 'quiesced' && isUnreadOnly(definition) ? undefined : definition.problem;
}

/** One backend as clients see it at this moment. */
export function viewOf(parts: ViewParts): BackendView {
  const { record, nowMs } = parts;
  const { live, definition } = record;
  const port = record.publicPort;
  const problem = record.declared
    ? problemOf(record)
    : 'It is no longer declared in backends.json and goes away when it is stopped.';
  return dropUndefined({
    key: record.key,
    name: definition.name,
    folder: record.folder.name,
    folderPath: record.folder.path,
    state: record.state,
    stateSince: record.stateSinceWallMs,
    restartToApply: record.needsRestart,
    oneShot: definition.oneShot,
    pid: live?.run.identity.pid,
    publicPort: port,
    upstreamPort: live?.upstreamPort,
    url: backendUrl(definition, port),
    spawnWait: parts.spawnWait,
    idle: idleView(parts),
    failure: record.failure,
    lastVerdict: record.lastVerdict,
    notAnswering: record.unreached ?? record.notAnswering,
    detail: record.detail,
    problem,
    notStrict: live === undefined ? undefined : record.notStrict,
    wakesOn: record.state === 'quiesced' && problem === undefined && isKnown(record) ? parts.wakesOn : undefined,
    typicalReadyMs: parts.expectation?.typicalMs,
    slowAfterMs: parts.expectation?.slowAfterMs,
    start: record.start,
    keepAwakeUntil: parts.keepAwakeUntil,
    restartInMs: record.restartAtMs === undefined ? undefined : Math.max(0, record.restartAtMs - nowMs),
  });
}

function idleView({ record, idle, holds }: ViewParts): IdleView | undefined {
  if (record.state !== 'ready' && record.state !== 'draining') return undefined;
  if (idle === undefined) return undefined;
  const placed = holds.map(({ kind, reason, since }) => dropUndefined({ kind, reason, since }));
  return { idleTimeoutMs: idle.idleTimeoutMs, remainingMs: idle.remainingMs, holds: [...placed, ...idle.sensed] };
}
