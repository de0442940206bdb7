/** What the hover of a row says below its title and links: what matters first, and no more than fits. Pure. */
import { formatDuration } from './countdown';
import { holdWithAge } from './holdWords';
import { plainText } from './plainText';
import { probeText } from './probeText';
import { isHeldBack } from './rowText';
import type { BackendDetails, BackendView } from './snapshot';
import { pastStartsText } from './startText';
import { wakeWords } from './wakeWords';
import { keepAwakeEndOf } from './whyAwake';

export interface HoverFacts {
  readonly view: BackendView;
  /** Undefined when the broker could not be asked. */
  readonly details: BackendDetails | undefined;
  /** Epoch ms. */
  readonly nowMs: number;
  readonly timeOfDay: (epochMs: number) => string;
}

export interface HoverLine {
  readonly label: string;
  readonly text: string;
}

const longestText = 200;
const shownProbes = 2;
const shownLogLines = 5;

/** In the order of what a person looks for: what is wrong, how to reach it, when it sleeps or wakes, what it is. */
export function hoverLines(facts: HoverFacts): readonly HoverLine[] {
  const { view, details } = facts;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Problem', view.problem],
    ['Failure', failureText(view)],
    ['Restricted Mode', isHeldBack(view) ? 'nothing is started from here until you trust this workspace' : undefined],
    ['Not answering', notAnsweringText(facts)],
    ['Not strict', view.notStrict],
    ['Address', view.url],
    ['Wakes', wakeWords(view)],
    ['Sleeps', details?.sleepsAt === undefined ? undefined : `at ${facts.timeOfDay(details.sleepsAt)}`],
    ['Kept awake by', heldBy(facts)],
    ['Last verdict', view.lastVerdict],
    ['Process', processText(facts)],
    ['Usual start', pastStartsText(details?.pastStarts)],
    [view.restartToApply ? 'Command after a restart' : 'Command', details?.command],
    ['Hint', details?.portHint],
  ];
  return lines.flatMap(([label, text = '']) =>
    text === '' ? [] : [{ label, text: plainText(text, view.state === 'failed' ? 2 * longestText : longestText) }],
  );
}

/** The last output of one that failed. */
export function hoverOutput({ failure }: BackendView): readonly string[] {
  return (failure?.logTail ?? []).slice(-shownLogLines).map((line) => plainText(line));
}

/** What was seen last of a start that is not over, or came to nothing; of one that succeeded the look that did. */
export function hoverProbes({ view, details }: Pick<HoverFacts, 'view' | 'details'>): readonly string[] {
  const shown = view.state === 'ready' || view.state === 'draining' ? 1 : shownProbes;
  return (details?.probes ?? []).slice(-shown).map((probe) => `${probe.ok ? '✓' : '·'} ${probeText(probe)}`);
}

function failureText({ failure }: BackendView): string {
  return [failure?.message, failure?.hint].filter((text) => text !== undefined).join(' ');
}

/** With the age of each hold, and the end of a keep-awake, for which the row has no room. */
function heldBy({ view, nowMs, timeOfDay }: HoverFacts): string | undefined {
  const moment = { nowMs, keepAwakeEnd: keepAwakeEndOf(view, timeOfDay) };
  return view.idle?.holds.map((hold) => holdWithAge(hold, moment)).join('; ');
}

function notAnsweringText({ view: { notAnswering }, timeOfDay }: HoverFacts): string | undefined {
  return notAnswering && `since ${timeOfDay(notAnswering.since)}: ${notAnswering.saw}`;
}

function processText({ view, details, timeOfDay }: HoverFacts): string | undefined {
  if (view.pid === undefined) return undefined;
  return [
    `pid ${view.pid}`,
    ...(details?.startedAt === undefined ? [] : [`since ${timeOfDay(details.startedAt)}`]),
    ...(details?.readyAfterMs === undefined ? [] : [`ready after ${formatDuration(details.readyAfterMs)}`]),
    ...(details?.strict === true ? ['strict stop (control group)'] : []),
  ].join(', ');
}
