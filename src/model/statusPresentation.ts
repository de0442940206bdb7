/** What the status bar and the head of the view say of all backends of a window: pure functions of facts. */
import type { BackendState } from './backendState';
import { formatClock, nextSecondInMs } from './countdown';
import { plainText } from './plainText';
import { sleepsInMs, steadyDescription } from './presentation';
import type { BackendView } from './snapshot';

/** `none`: nothing runs; `busy`: something is on its way; `calm`: all is well; `error`: a backend failed. */
type StatusSeverity = 'none' | 'busy' | 'calm' | 'error';

export interface StatusBarModel {
  /** `2/3 ready`, without icon. */
  readonly text: string;
  /** Codicon id to show in front of the text. */
  readonly icon: string;
  /** One line a backend, without countdowns: a tooltip that changes is taken from under the pointer. */
  readonly tooltipLines: readonly string[];
  readonly severity: StatusSeverity;
  readonly accessibleLabel: string;
  /** True when there is no backend to speak of. */
  readonly hidden: boolean;
}

const onTheWay: readonly BackendState[] = ['waiting', 'starting', 'stopping'];

/** What runs is not known yet: a broker that was there before this window is being asked. */
function connectingModel(views: readonly BackendView[]): StatusBarModel {
  return {
    ...{ text: 'connecting', icon: 'loading~spin', severity: 'busy' },
    tooltipLines: [],
    accessibleLabel: 'Backends: connecting',
    hidden: views.length === 0,
  };
}

export function statusBarModel(views: readonly BackendView[], connecting = false): StatusBarModel {
  if (connecting) return connectingModel(views);
  const ready = readyCount(views);
  const severity = severityOf(views);
  return {
    text: `${ready}/${views.length} ready`,
    icon: iconOf(views, severity),
    tooltipLines: views.map((view) => `${shownName(view, views)}: ${steadyDescription(view)}`),
    severity,
    accessibleLabel: `Backends: ${[`${ready} of ${views.length} ready`, ...otherCounts(views)].join(', ')}`,
    hidden: views.length === 0,
  };
}

interface NextToSleep {
  readonly view: BackendView;
  readonly remainingMs: number;
}

/** The backend whose countdown ends first; of equals the one that comes first. */
function nextToSleep(views: readonly BackendView[], elapsedMs = 0): NextToSleep | undefined {
  let next: NextToSleep | undefined;
  for (const view of views) {
    const remainingMs = sleepsInMs(view, elapsedMs);
    if (remainingMs !== undefined && (next === undefined || remainingMs < next.remainingMs))
      next = { view, remainingMs };
  }
  return next;
}

/** The countdown of the next backend to sleep, to the second: `web sleeps in 0:48`; empty when none runs. */
export function viewDescription(views: readonly BackendView[], elapsedMs = 0): string {
  const next = nextToSleep(views, elapsedMs);
  return next === undefined ? '' : `${shownName(next.view, views)} sleeps in ${formatClock(next.remainingMs)}`;
}

/** `2/3 ready · web sleeps in 0:48`; undefined without backends, where the view offers to declare some. */
export function viewMessage(views: readonly BackendView[], countdown: string): string | undefined {
  if (views.length === 0) return undefined;
  return [`${readyCount(views)}/${views.length} ready`, countdown].filter((part) => part !== '').join(' · ');
}

/** Milliseconds until `viewDescription` changes by time alone; undefined when it does not. */
export function viewNextChangeInMs(views: readonly BackendView[], elapsedMs = 0): number | undefined {
  const next = nextToSleep(views, elapsedMs);
  return next === undefined ? undefined : nextSecondInMs(next.remainingMs);
}

/** The name alone where it is unique in the window, else with its folder. */
export function shownName(view: BackendView, views: readonly BackendView[]): string {
  const isShared = views.some((other) => other.name === view.name && other.key !== view.key);
  return plainText(isShared ? `${view.folder}/${view.name}` : view.name);
}

function severityOf(views: readonly BackendView[]): StatusSeverity {
  if (countOf(views, ['failed']) > 0) return 'error';
  if (countOf(views, onTheWay) > 0) return 'busy';
  return countOf(views, ['ready', 'draining', 'quiesced']) > 0 ? 'calm' : 'none';
}

/** The spinner stays while something starts, even beside a failure: it is the answer to the click just made. */
function iconOf(views: readonly BackendView[], severity: StatusSeverity): string {
  if (countOf(views, onTheWay) > 0) return 'loading~spin';
  if (severity === 'error') return 'error';
  return countAbsent(views) > 0 ? 'warning' : 'server-process';
}

function otherCounts(views: readonly BackendView[]): string[] {
  const groups: readonly (readonly [string, readonly BackendState[]])[] = [
    ['failed', ['failed']],
    ['starting', ['waiting', 'starting']],
    ['stopping', ['stopping']],
    ['asleep', ['draining', 'quiesced']],
    ['stopped', ['stopped']],
  ];
  const absent = countAbsent(views);
  const counted = groups.flatMap(([words, states]) => {
    const count = countOf(views, states);
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return absent === 0 ? counted : [`${absent} not answering`, ...counted];
}

/** What the status bar, the head of the view and the number on its icon say: ready and answering, or done. */
export function readyCount(views: readonly BackendView[]): number {
  return countOf(views, ['ready']) - countAbsent(views);
}

/** Ready, but not answering now. */
function countAbsent(views: readonly BackendView[]): number {
  return views.filter((view) => view.state === 'ready' && view.notAnswering !== undefined).length;
}

function countOf(views: readonly BackendView[], states: readonly BackendState[]): number {
  return views.filter((view) => states.includes(view.state)).length;
}
