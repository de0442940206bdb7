/** Answers "why is it awake?" in plain words: a pure function of what is known. */
import { formatDuration } from './countdown';
import { holdWithAge } from './holdWords';
import { plainText } from './plainText';
import { isAtRest } from './rowText';
import type { BackendDetails, BackendView } from './snapshot';
import { wakeWords } from './wakeWords';

export interface AwakeFacts {
  readonly view: BackendView;
  /** Undefined when the broker could not be asked. */
  readonly details: BackendDetails | undefined;
  /** Epoch ms. */
  readonly nowMs: number;
  readonly timeOfDay: (epochMs: number) => string;
  /** It will be looked at for longer than it is true how long ago something was: only the time of day is told. */
  readonly stays?: boolean;
}

export interface AwakeAnswer {
  readonly question: string;
  readonly lines: readonly string[];
}

export function whyAwake(facts: AwakeFacts): AwakeAnswer {
  const { view } = facts;
  const question = isAtRest(view.state) ? 'Why is it not awake?' : 'Why is it awake?';
  return { question, lines: [...stateLines(facts), ...useLines(facts)] };
}

function stateLines(facts: AwakeFacts): readonly string[] {
  const { view, timeOfDay } = facts;
  switch (view.state) {
    case 'quiesced':
      return [
        `It sleeps since ${timeOfDay(view.stateSince)}${because(view)}.`,
        `What wakes it: ${wakeWords(view) ?? ''}.`,
      ];
    case 'stopped':
      // The last verdict is about a sleep or a wake before that.
      return [`It is stopped since ${timeOfDay(view.stateSince)}.`];
    case 'failed':
      return [
        `It failed at ${timeOfDay(view.stateSince)}: ${plainText(view.failure?.message ?? 'no reason is known')}`,
      ];
    case 'waiting':
    case 'starting':
      return ['It is being started; it can go to sleep once it is ready.'];
    case 'stopping':
      return ['It is being stopped.'];
    case 'draining':
      return ['It is about to go to sleep; whatever uses it now keeps it awake.'];
    case 'ready':
      return readyLines(facts);
  }
}

function readyLines(facts: AwakeFacts): readonly string[] {
  const { idle, oneShot } = facts.view;
  if (oneShot) return ['It is a one-shot that has run; there is nothing left of it that could sleep.'];
  if (idle === undefined) return ['It never goes to sleep by itself: it has no idle timeout.'];
  const timeout = formatDuration(idle.idleTimeoutMs);
  if (idle.holds.length === 0) {
    const at = facts.timeOfDay(facts.nowMs + idle.remainingMs);
    const when = facts.stays === true ? `at ${at}` : `in ${formatDuration(idle.remainingMs)}, at ${at},`;
    return [`Nothing holds it. It goes to sleep ${when} if nobody uses it (its idle timeout is ${timeout}).`];
  }
  const keepAwakeEnd = keepAwakeEndOf(facts.view, facts.timeOfDay);
  const moment = { nowMs: facts.nowMs, keepAwakeEnd, ...(facts.stays === true && { sinceOf: facts.timeOfDay }) };
  const held = idle.holds.map((hold) => `Held by: ${holdWithAge(hold, moment)}.`);
  return [...held, `It goes to sleep ${timeout} after the last of that has ended.`];
}

function useLines({ view, details, nowMs, timeOfDay, stays }: AwakeFacts): readonly string[] {
  if (details === undefined || isAtRest(view.state)) return [];
  const { lastUse, observed, stretchedBecauseOf } = details;
  const whenUsed = (at: number): string =>
    stays === true ? `at ${timeOfDay(at)}` : `${formatDuration(Math.max(0, nowMs - at))} ago (${timeOfDay(at)})`;
  return [
    ...(lastUse === undefined ? [] : [`Last use: ${plainText(lastUse.what)}, ${whenUsed(lastUse.at)}.`]),
    ...(stretchedBecauseOf === undefined || view.idle === undefined
      ? []
      : [
          `Its idle timeout was made longer: it was woken again and again a moment after it slept (last: ${plainText(stretchedBecauseOf)}).`,
        ]),
    ...(view.idle === undefined ? [] : [`Observed: ${plainText(observed, 400)}.`]),
  ];
}

/** `until 15:30`; undefined when no person keeps it awake. */
export function keepAwakeEndOf(
  { keepAwakeUntil }: BackendView,
  timeOfDay: (epochMs: number) => string,
): string | undefined {
  if (keepAwakeUntil === undefined) return undefined;
  return keepAwakeUntil === 'forever' ? 'until released' : `until ${timeOfDay(keepAwakeUntil)}`;
}

function because({ lastVerdict }: BackendView): string {
  return lastVerdict === undefined ? '' : ` (${plainText(lastVerdict, 400)})`;
}
