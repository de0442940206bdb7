import type * as vscode from 'vscode';
import { commandIds } from '../../ids';
import { plainText } from '../../model/plainText';
import { steadyDescription } from '../../model/presentation';
import { hoverLines, hoverOutput, hoverProbes } from '../../model/rowHover';
import type { BackendDetails, BackendView } from '../../model/snapshot';
import type { BackendStore } from '../backendStore';
import { commandLink, safeMarkdown } from '../commandLink';
import { appendPlain } from '../plainMarkdown';
import { timeOfDay } from '../timeOfDay';

/** Answers undefined when there is no broker to ask, or it takes too long for a hover. */
export type DetailsSource = (key: string) => Promise<BackendDetails | undefined>;

/**
 * The hover of a row, built when somebody looks. Times are absolute, so that it stays true without a refresh. It is cut
 * off below a certain height: the links come first, and each fact has one line.
 */
export async function rowTooltip(
  key: string,
  store: BackendStore,
  detailsOf: DetailsSource,
): Promise<vscode.MarkdownString | undefined> {
  const details = await detailsOf(key);
  const view = store.get(key);
  if (view === undefined) return undefined;
  const markdown = safeMarkdown();
  markdown.appendMarkdown('**');
  appendPlain(markdown, plainText(view.name));
  markdown.appendMarkdown('** ');
  appendPlain(markdown, `${steadyDescription(view)} · since ${timeOfDay(view.stateSince)}`);
  markdown.appendMarkdown(`\n\n${links(view)}\n\n`);
  const facts = { view, details, nowMs: store.wallMs, timeOfDay };
  for (const { label, text } of hoverLines(facts)) {
    markdown.appendMarkdown(`*${label}:* `);
    appendPlain(markdown, text);
    markdown.appendMarkdown('  \n');
  }
  appendLines(markdown, 'Last output', hoverOutput(view));
  appendLines(markdown, 'Readiness', hoverProbes(facts));
  return markdown;
}

/** What begins a line of a backend's output must not begin a list or a heading. */
function appendLines(markdown: vscode.MarkdownString, label: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  markdown.appendMarkdown(`*${label}:*  \n`);
  for (const text of lines) {
    markdown.appendMarkdown('│ ');
    appendPlain(markdown, text);
    markdown.appendMarkdown('  \n');
  }
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
