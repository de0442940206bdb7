import type * as vscode from 'vscode';
import { commandIds } from '../../ids';
import { formatDuration } from '../../model/countdown';
import { plainText } from '../../model/plainText';
import { probeText } from '../../model/probeText';
import { steadyDescription } from '../../model/presentation';
import { isHeldBack } from '../../model/rowText';
import { holdWithAge } from '../../model/holdWords';
import type { BackendDetails, BackendView } from '../../model/snapshot';
import { keepAwakeEndOf } from '../../model/whyAwake';
import { pastStartsText, waitsText } from '../../model/startText';
import type { BackendStore } from '../backendStore';
import { commandLink, safeMarkdown } from '../commandLink';
import { withoutAutolinks } from '../label';
import { timeOfDay } from '../timeOfDay';

/** Answers undefined when there is no broker to ask, or it takes too long for a hover. */
export type DetailsSource = (key: string) => Promise<BackendDetails | undefined>;

const shownProbes = 5;
const shownLogLines = 5;

/** The hover of a row, built when somebody looks. Times are absolute, so that it stays true without a refresh. */
export async function rowTooltip(
  key: string,
  store: BackendStore,
  detailsOf: DetailsSource,
): Promise<vscode.MarkdownString | undefined> {
  const details = await detailsOf(key);
  const view = store.get(key);
  if (view === undefined) return undefined;
  const markdown = safeMarkdown();
  markdown
    .appendMarkdown('**')
    .appendText(withoutAutolinks(plainText(view.name)))
    .appendMarkdown('** ');
  markdown.appendText(withoutAutolinks(`${steadyDescription(view)} · since ${timeOfDay(view.stateSince)}`));
  const line = (label: string, text: string | undefined): void => {
    if (text !== undefined && text !== '')
      markdown.appendMarkdown(`\n\n*${label}:* `).appendText(withoutAutolinks(plainText(text, 400)));
  };
  line('Problem', view.problem);
  line('Not strict', view.notStrict);
  line('Restricted Mode', isHeldBack(view) ? 'nothing is started from here until you trust this workspace' : undefined);
  line('Not answering', notAnsweringText(view));
  line(view.restartToApply ? 'Command after a restart' : 'Command', details?.command);
  line('Process', processText(view, details));
  line('Waited', waitsText(view.start));
  line('Usual start', pastStartsText(details?.pastStarts));
  line('Address', view.url);
  line('Hint', details?.portHint);
  line('Sleeps', details?.sleepsAt === undefined ? undefined : `at ${timeOfDay(details.sleepsAt)}`);
  line('Kept awake by', heldBy(view, store.wallMs));
  line('Last use', lastUseText(details));
  line('Last verdict', view.lastVerdict);
  line('Observed', details?.observed);
  line('Failure', [view.failure?.message, view.failure?.hint].filter((text) => text !== undefined).join(' '));
  appendLines(markdown, 'Last output', (view.failure?.logTail ?? []).slice(-shownLogLines));
  appendLines(markdown, 'Readiness', probeLines(details));
  markdown.appendMarkdown(`\n\n${links(view)}`);
  return markdown;
}

/** With the age of each hold, and the end of a keep-awake, for which the row has no room. */
function heldBy(view: BackendView, nowMs: number): string | undefined {
  const moment = { nowMs, keepAwakeEnd: keepAwakeEndOf(view, timeOfDay) };
  return view.idle?.holds.map((hold) => holdWithAge(hold, moment)).join('; ');
}

function lastUseText(details: BackendDetails | undefined): string | undefined {
  const use = details?.lastUse;
  return use === undefined ? undefined : `${use.what}, at ${timeOfDay(use.at)}`;
}

function notAnsweringText({ notAnswering }: BackendView): string | undefined {
  return notAnswering && `since ${timeOfDay(notAnswering.since)}: ${notAnswering.saw}`;
}

function processText(view: BackendView, details: BackendDetails | undefined): string | undefined {
  if (view.pid === undefined) return undefined;
  const parts = [`pid ${view.pid}`];
  if (details?.startedAt !== undefined) parts.push(`since ${timeOfDay(details.startedAt)}`);
  if (details?.readyAfterMs !== undefined) parts.push(`ready after ${formatDuration(details.readyAfterMs)}`);
  return parts.join(', ');
}

function probeLines(details: BackendDetails | undefined): readonly string[] {
  return (details?.probes ?? []).slice(-shownProbes).map((probe) => {
    return `${probe.ok ? '✓' : '·'} ${probeText(probe)}`;
  });
}

function appendLines(markdown: vscode.MarkdownString, label: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  markdown.appendMarkdown(`\n\n*${label}:*`);
  for (const text of lines) markdown.appendMarkdown('  \n').appendText(withoutAutolinks(plainText(text)));
}

function links(view: BackendView): string {
  const isAwake = (view.state === 'ready' || view.state === 'draining') && !view.oneShot;
  return [
    commandLink('$(output) Show Log', commandIds.showLogs, view.key),
    commandLink('$(info) Details', commandIds.showDetails, view.key),
    ...(isAwake ? [commandLink('$(question) Why Awake?', commandIds.whyAwake, view.key)] : []),
    commandLink('$(go-to-file) Configuration', commandIds.openConfig, view.key),
  ].join(' · ');
}
