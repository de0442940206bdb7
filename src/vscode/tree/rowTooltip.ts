import type * as vscode from 'vscode';
import { commandIds } from '../../ids';
import { formatDuration } from '../../model/countdown';
import { plainText } from '../../model/plainText';
import { steadyDescription } from '../../model/presentation';
import type { BackendDetails, BackendView, HoldView } from '../../model/snapshot';
import type { BackendStore } from '../backendStore';
import { commandLink, safeMarkdown } from '../commandLink';
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
  markdown.appendMarkdown('**').appendText(plainText(view.name)).appendMarkdown('** ');
  markdown.appendText(`${steadyDescription(view)} · since ${timeOfDay(view.stateSince)}`);
  const line = (label: string, text: string | undefined): void => {
    if (text !== undefined && text !== '') markdown.appendMarkdown(`\n\n*${label}:* `).appendText(plainText(text, 400));
  };
  line('Problem', view.problem);
  line('Command', details?.command);
  line('Process', processText(view, details));
  line('Address', view.url);
  line('Sleeps', details?.sleepsAt === undefined ? undefined : `at ${timeOfDay(details.sleepsAt)}`);
  line('Kept awake by', view.idle?.holds.map((hold) => holdText(hold, view)).join(', '));
  line('Last verdict', view.lastVerdict);
  line('Observed', details?.observed);
  line('Failure', [view.failure?.message, view.failure?.hint].filter((text) => text !== undefined).join(' '));
  appendLines(markdown, 'Last output', (view.failure?.logTail ?? []).slice(-shownLogLines));
  appendLines(markdown, 'Readiness', probeLines(details));
  markdown.appendMarkdown(`\n\n${links(view)}`);
  return markdown;
}

/** A keep-awake is told with its end, which its reason leaves out because the row has no room for it. */
function holdText({ kind, reason }: HoldView, { keepAwakeUntil }: BackendView): string {
  if (kind !== 'keepAwake' || keepAwakeUntil === undefined) return reason;
  return keepAwakeUntil === 'forever' ? 'you, until released' : `you, until ${timeOfDay(keepAwakeUntil)}`;
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
    return `${probe.ok ? '✓' : '·'} ${formatDuration(probe.elapsedMs)}: ${probe.saw}`;
  });
}

function appendLines(markdown: vscode.MarkdownString, label: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  markdown.appendMarkdown(`\n\n*${label}:*`);
  for (const text of lines) markdown.appendMarkdown('  \n').appendText(plainText(text));
}

function links(view: BackendView): string {
  return [
    commandLink('$(output) Show Log', commandIds.showLogs, view.key),
    commandLink('$(info) Details', commandIds.showDetails, view.key),
    commandLink('$(go-to-file) Configuration', commandIds.openConfig, view.key),
  ].join(' · ');
}
