import { formatDuration } from '../../model/countdown';
import { plainText } from '../../model/plainText';
import { steadyDescription } from '../../model/presentation';
import { holdReason } from '../../model/holdWords';
import { pastStartsText, waitsText } from '../../model/startText';
import type { BackendDetails, BackendView } from '../../model/snapshot';
import { wakeWords } from '../../model/wakeWords';
import { whyAwake, type AwakeAnswer } from '../../model/whyAwake';
import { timeOfDay } from '../timeOfDay';

/** The details of one backend as Markdown: what it is, why it is in its state, and how it came there. */
export function detailsDocument(view: BackendView, details: BackendDetails | undefined, nowMs: number): string {
  const sections = [
    `# ${inline(view.name)}\n\n${inline(steadyDescription(view))} · since ${timeOfDay(view.stateSince)}`,
    failureSection(view),
    awakeSection(whyAwake({ view, details, nowMs, timeOfDay, stays: true })),
    factsTable(view, details),
    verdictSection(details),
    timelineSection(details),
    probeSection(view, details),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function factsTable(view: BackendView, details: BackendDetails | undefined): string {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Folder', view.folderPath],
    [view.restartToApply ? 'Command after a restart' : 'Command', details?.command],
    ['Working folder', details?.cwd],
    ['Process', view.pid?.toString()],
    ['Port', view.publicPort?.toString()],
    ['Port of the process', view.upstreamPort?.toString()],
    ['Address', view.url],
    ['Ready after', given(details?.readyAfterMs, formatDuration)],
    ['Waited before it started', waitsText(view.start)],
    ['Usual start', pastStartsText(details?.pastStarts)],
    ['Idle timeout', given(view.idle?.idleTimeoutMs, formatDuration)],
    ['Stop', strictText(view, details)],
    ['Wakes', wakeWords(view)],
    ['Sleeps at', given(details?.sleepsAt, timeOfDay)],
    ['Kept awake by', view.idle?.holds.map(holdReason).join(', ')],
    ['Observed', details?.observed],
    ['Last verdict', view.lastVerdict],
    ['Problem', view.problem],
    ['Environment', details?.environmentNames.join(', ')],
    ['Log file', details?.logFile],
  ];
  const told = rows.flatMap(([label, value = '']) => (value === '' ? [] : [`| ${label} | ${inline(value)} |`]));
  return ['| | |', '| --- | --- |', ...told].join('\n');
}

function strictText({ notStrict }: BackendView, details: BackendDetails | undefined): string | undefined {
  return details?.strict === true ? 'strict: all that is in its control group' : notStrict;
}

function given(value: number | undefined, write: (value: number) => string): string | undefined {
  return value === undefined ? undefined : write(value);
}

function failureSection({ failure }: BackendView): string {
  if (failure === undefined) return '';
  const facts = [failure.message, failure.hint, failure.probed].flatMap((text) =>
    text === undefined ? [] : [inline(text)],
  );
  const tail = failure.logTail.length === 0 ? [] : ['Last output:', codeBlock(failure.logTail)];
  return [`## Failure (${failure.code})`, ...facts, ...tail].join('\n\n');
}

function awakeSection({ question, lines }: AwakeAnswer): string {
  return [`## ${question}`, ...lines.map(inline)].join('\n\n');
}

function verdictSection(details: BackendDetails | undefined): string {
  const verdicts = details?.verdicts ?? [];
  if (verdicts.length === 0) return '';
  const lines = [...verdicts].reverse().map(({ at, kind, text }) => `| ${timeOfDay(at)} | ${kind} | ${inline(text)} |`);
  return ['## Sleep and wake', '', '| time | verdict | why |', '| --- | --- | --- |', ...lines].join('\n');
}

function timelineSection(details: BackendDetails | undefined): string {
  if (details === undefined || details.timeline.length === 0) return '';
  const lines = [...details.timeline].reverse().map((entry) => {
    return `| ${timeOfDay(entry.at)} | ${entry.state} | ${inline(entry.cause)} |`;
  });
  return ['## Timeline', '', '| time | state | why |', '| --- | --- | --- |', ...lines].join('\n');
}

function probeSection(view: BackendView, details: BackendDetails | undefined): string {
  if (details === undefined || details.probes.length === 0) return '';
  const lines = details.probes.map((probe) => {
    const number = probe.attempt === undefined ? 'extra' : String(probe.attempt + 1);
    const saw = `${probe.ok ? '✓ ' : ''}${inline(probe.saw)}`;
    return `| ${number} | ${formatDuration(probe.elapsedMs)} | ${inline(probe.reason)} | ${saw} |`;
  });
  const title = view.state === 'starting' ? '## Readiness (in progress)' : '## Readiness of the last start';
  return [title, '', '| probe | after | because | saw |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

/** Text from outside as one line that Markdown takes literally, in a table too. */
function inline(text: string): string {
  return plainText(text, 400).replace(/[\\`*_{}[\]()#+\-.!|<>~$&]/g, '\\$&');
}

/** A fence longer than any run of backticks inside, so that the text cannot leave it. */
function codeBlock(lines: readonly string[]): string {
  const text = lines.map((line) => plainText(line, 2_000)).join('\n');
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
