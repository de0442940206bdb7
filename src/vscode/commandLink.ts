import * as vscode from 'vscode';
import type { LinkArgument } from './commands/target';
import { commandIds } from '../ids';

/** What a hover may run. */
const linked = [commandIds.showLogs, commandIds.showDetails, commandIds.whyAwake, commandIds.openConfig];

/** A Markdown link that runs one of our commands for a backend, clicked by a person. */
export function commandLink(title: string, command: (typeof linked)[number], key: string): string {
  const argument: LinkArgument = { key, clicked: true };
  const encoded = encodeURIComponent(JSON.stringify([argument])).replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'));
  return `[${title}](command:${command}?${encoded})`;
}

/** Markdown in which text from outside goes through `appendText` and only our own commands may be linked. */
export function safeMarkdown(): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString('', true);
  markdown.isTrusted = { enabledCommands: linked };
  return markdown;
}
