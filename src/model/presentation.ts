/**
 * What a row and the start progress say of one backend: pure functions of facts. `elapsedMs` is the age of the
 * view, 0 when its durations are live. Text from outside is made harmless by `plainText`; nothing is escaped.
 */
import { countdownStep, formatDuration, nextChangeInMs } from './countdown';
import { plainText } from './plainText';
import { probeName } from './probeText';
import { neverSleeps, shownPort, steadyParts } from './rowText';
import type { BackendView, SpawnWaitView } from './snapshot';

const separator = ' · ';

/** A restart that is nearer than this gets no countdown. */
const shortlyMs = 5_000;

/** `ready :3000 · sleeps in 20 s`, `starting · probe 4, next in 0.5 s`, `failed · exit 1`. */
export function rowDescription(view: BackendView, elapsedMs = 0): string {
  const times = [usualText(view, elapsedMs), timeText(view, elapsedMs)].filter((text) => text !== undefined);
  return [...steadyParts(view), ...times].join(separator);
}

/** The row's text without what time alone changes: for tooltips, which a change would take from under the pointer. */
export function steadyDescription(view: BackendView): string {
  return steadyParts(view).join(separator);
}

/** True once a start takes much longer than those before it. */
export function isSlowerThanUsual({ state, spawnWait, slowAfterMs }: BackendView, elapsedMs = 0): boolean {
  if (state !== 'starting' || spawnWait === undefined || slowAfterMs === undefined) return false;
  return spawnWait.elapsedMs + elapsedMs >= slowAfterMs;
}

/** `usually 3.2 s`, and once it takes much longer `slower than usual: usually 3.2 s`; undefined without past starts. */
export function usualText(view: BackendView, elapsedMs = 0): string | undefined {
  if (view.state !== 'starting' || view.typicalReadyMs === undefined) return undefined;
  const usually = `usually ${formatDuration(view.typicalReadyMs)}`;
  return isSlowerThanUsual(view, elapsedMs) ? `slower than usual: ${usually}` : usually;
}

/** Milliseconds until `rowDescription` changes by time alone; undefined when it does not. */
export function rowNextChangeInMs(view: BackendView, elapsedMs = 0): number | undefined {
  const { state, spawnWait, slowAfterMs } = view;
  if (state === 'starting' && spawnWait !== undefined && slowAfterMs !== undefined) {
    const slowInMs = slowAfterMs - spawnWait.elapsedMs - elapsedMs;
    return slowInMs > 0 ? slowInMs : undefined;
  }
  const restartInMs = restartsInMs(view, elapsedMs);
  if (restartInMs !== undefined) return restartInMs > shortlyMs ? nextChangeInMs(restartInMs) : undefined;
  const remainingMs = sleepsInMs(view, elapsedMs);
  return remainingMs === undefined ? undefined : nextChangeInMs(remainingMs);
}

/** Milliseconds until the backend goes to sleep if nobody uses it; undefined when no countdown runs. */
export function sleepsInMs(view: BackendView, elapsedMs = 0): number | undefined {
  if (view.state !== 'ready' || view.oneShot || view.idle === undefined || view.idle.holds.length > 0) return undefined;
  return Math.max(0, view.idle.remainingMs - elapsedMs);
}

/** For screen readers. It replaces the whole label of the row, so it names the backend; no countdown. */
export function accessibleLabel(view: BackendView): string {
  const [state = '', ...rest] = steadyParts(view);
  const port = shownPort(view);
  const spoken = port === undefined ? state : spokenPort(state, port);
  const sleeps = sleepsInMs(view) === undefined ? [] : ['goes to sleep when unused'];
  return [plainText(view.name), spoken, ...rest, ...sleeps].join(', ');
}

function spokenPort(state: string, port: number): string {
  return state.replace(`at :${port}`, `at port ${port}`).replace(` :${port}`, ` on port ${port}`).replace(' · ', ', ');
}

/**
 * What menus match with `viewItem`: `backend.<state>` and then, in this order where they hold, `.awake` (kept
 * awake by the person), `.url`, `.oneShot`, `.neverSleeps` (by itself), `.problem` (cannot be started as written),
 * `.leftovers` (processes that would not end). For instance
 * `viewItem =~ /^backend\.ready\b/` or `viewItem =~ /\.url\b/`.
 */
export function contextValue(view: BackendView): string {
  const flags = [
    view.keepAwakeUntil !== undefined && 'awake',
    view.url !== undefined && 'url',
    view.oneShot && 'oneShot',
    neverSleeps(view) && 'neverSleeps',
    view.problem !== undefined && 'problem',
    (view.failure?.leftovers?.length ?? 0) > 0 && 'leftovers',
  ];
  return ['backend', view.state, ...flags.filter((flag) => flag !== false)].join('.');
}

/** What a start is waiting for: `probe 4 (printed a line): http /health → 503 · 3 s, usually 8 s`. */
export function progressMessage(view: BackendView, elapsedMs = 0): string {
  const { spawnWait } = view;
  if (view.state !== 'starting' || spawnWait === undefined) return steadyDescription(view);
  const seconds = Math.floor((spawnWait.elapsedMs + elapsedMs) / 1_000);
  const usual = usualText(view, elapsedMs);
  const tail = usual === undefined ? '' : `, ${usual}`;
  return `${progressSubject(view, spawnWait)}${separator}${formatDuration(seconds * 1_000)}${tail}`;
}

function progressSubject(view: BackendView, { attempt }: SpawnWaitView): string {
  const last = view.start?.lastProbe;
  const probe = last === undefined ? `probe ${attempt + 1}` : `${probeName(last)} (${plainText(last.reason)})`;
  const subject = view.oneShot ? 'running' : probe;
  return view.detail === undefined ? subject : `${subject}: ${plainText(view.detail)}`;
}

function timeText(view: BackendView, elapsedMs: number): string | undefined {
  const { spawnWait } = view;
  if (view.state === 'starting' && !view.oneShot && spawnWait !== undefined) {
    // The pause as decided, whatever is left of it: the next decision replaces this text soon enough.
    return `probe ${spawnWait.attempt + 1}, next in ${formatDuration(spawnWait.nextProbeInMs)}`;
  }
  const restartInMs = restartsInMs(view, elapsedMs);
  if (restartInMs !== undefined) {
    return restartInMs > shortlyMs ? `restarts in ${formatDuration(countdownStep(restartInMs))}` : 'restarts shortly';
  }
  const remainingMs = sleepsInMs(view, elapsedMs);
  if (remainingMs === undefined) return undefined;
  return remainingMs > 0 ? `sleeps in ${formatDuration(countdownStep(remainingMs))}` : 'sleeps now';
}

function restartsInMs(view: BackendView, elapsedMs: number): number | undefined {
  if (view.state !== 'failed' || view.restartInMs === undefined) return undefined;
  return Math.max(0, view.restartInMs - elapsedMs);
}
