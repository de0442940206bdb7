/** The parts of a row's text that stay as they are until something happens. */
import type { BackendState } from './backendState';
import { failureText } from './failureText';
import { holdReason } from './holdWords';
import { plainText } from './plainText';
import type { BackendView } from './snapshot';

/** State first, because a narrow side bar cuts the end off. */
export function steadyParts(view: BackendView): string[] {
  if (view.problem !== undefined && isAtRest(view.state)) return [`cannot start: ${plainText(view.problem)}`];
  const parts = [stateText(view)];
  if (isHeldBack(view)) parts.push('needs a trusted workspace');
  if (view.state === 'failed' && view.failure) parts.push(plainText(failureText(view.failure)));
  if (view.restartToApply) parts.push('restart to apply');
  if (view.state === 'ready' && !view.oneShot) parts.push(...awakeText(view));
  return parts;
}

/** Neither running nor on the way: what counts is whether it could be started. */
export function isAtRest(state: BackendState): boolean {
  return state === 'stopped' || state === 'failed' || state === 'quiesced';
}

/** At rest, and not to be started before the person trusts the workspace. */
export function isHeldBack(view: BackendView): boolean {
  return view.untrusted === true && isAtRest(view.state);
}

/** Ready, and without an idle timeout. */
export function neverSleeps({ state, oneShot, idle }: BackendView): boolean {
  return state === 'ready' && !oneShot && idle === undefined;
}

/** The port a person uses: the public one where a gateway stands in front. */
export function shownPort(view: BackendView): number | undefined {
  return view.publicPort ?? view.upstreamPort;
}

function stateText(view: BackendView): string {
  switch (view.state) {
    case 'waiting':
      return view.detail === undefined ? 'waiting' : plainText(view.detail);
    case 'starting':
      return view.oneShot ? 'running' : 'starting';
    case 'ready':
      return view.oneShot ? 'done' : portText(view.notAnswering === undefined ? 'ready' : 'not answering', view);
    case 'draining':
      return 'going to sleep';
    case 'quiesced':
      return view.wakesOn === undefined ? 'asleep' : `asleep · ${portText('wakes at', view)}`;
    default:
      return view.state;
  }
}

function portText(words: string, view: BackendView): string {
  const port = shownPort(view);
  return port === undefined ? words : `${words} :${port}`;
}

function awakeText(view: BackendView): string[] {
  const [hold, ...more] = view.idle?.holds ?? [];
  if (hold !== undefined) return [`awake: ${holdReason(hold)}${more.length > 0 ? ` (+${more.length})` : ''}`];
  return neverSleeps(view) ? ['stays awake'] : [];
}
