import * as vscode from 'vscode';
import { withoutAutolinks } from './label';

/**
 * Appends text from outside that Markdown takes literally. `appendText` makes all blanks no-break ones, so that a long
 * line would be broken within its words; here it is broken between them.
 */
export function appendPlain(markdown: vscode.MarkdownString, text: string): void {
  const escaped = new vscode.MarkdownString('', true).appendText(withoutAutolinks(text)).value;
  // An ampersand of the text itself stands there as `&amp;`.
  markdown.appendMarkdown(escaped.replaceAll('&nbsp;', ' '));
}
