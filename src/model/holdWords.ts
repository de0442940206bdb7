/** What keeps a backend awake, as it is told to people. Words from other clients may be missing or odd. */
import { formatDuration } from './countdown';
import { plainText } from './plainText';
import type { HoldKind, HoldView } from './snapshot';

/** Said of a hold that names no reason. */
const withoutReason: Readonly<Record<HoldKind, string>> = {
  request: 'a request in flight',
  stream: 'an open stream',
  connection: 'an open connection',
  api: 'another extension',
  task: 'a task',
  agent: 'a coding agent',
  keepAwake: 'kept awake by you',
  dependent: 'a backend that depends on it',
  debug: 'a debug session',
  cpu: 'it is busy',
};

/** The reason as one harmless line, whatever a client of another build or kind has sent. */
export function holdReason(hold: { readonly kind: HoldKind; readonly reason?: unknown }): string {
  const said = typeof hold.reason === 'string' ? plainText(hold.reason) : '';
  if (said !== '') return said;
  const known: Readonly<Partial<Record<string, string>>> = withoutReason;
  return known[hold.kind] ?? 'something that names no reason';
}

export interface HoldMoment {
  /** Epoch ms at which it is read. */
  readonly nowMs: number;
  /** End of a keep-awake, in words: `until 15:30`. */
  readonly keepAwakeEnd?: string | undefined;
  /** Tells since when it holds, in place of its age. */
  readonly sinceOf?: (epochMs: number) => string;
}

/** The reason with its age: `GET /report in flight 41 s`, `2 open connections, for 3 min`. */
export function holdWithAge(hold: HoldView, { nowMs, keepAwakeEnd, sinceOf }: HoldMoment): string {
  const reason = holdReason(hold);
  if (hold.kind === 'keepAwake') return keepAwakeEnd === undefined ? reason : `you, ${keepAwakeEnd}`;
  if (hold.since === undefined || hold.since > nowMs) return reason;
  if (sinceOf !== undefined) return `${reason}, since ${sinceOf(hold.since)}`;
  const age = formatDuration(nowMs - hold.since);
  return reason.endsWith(' in flight') ? `${reason} ${age}` : `${reason}, for ${age}`;
}
