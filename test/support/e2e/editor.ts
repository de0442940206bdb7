import type { Locator, Page } from 'playwright-core';
import { waitUntil } from '../waitUntil';
import type { Workbench } from '../vscode/workbench';
import { ariaLabels } from '../vscode/ariaLabels';

const defaultTimeoutMs = 20_000;

/** What is pasted stays as it is, and suggestions come only when asked for. */
export const plainEditing = {
  'editor.autoIndent': 'none',
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.minimap.enabled': false,
} as const;

/** The active text editor, as somebody who types and points uses it. */
export class Editor {
  private readonly page: Page;
  private readonly lines: Locator;

  constructor(private readonly workbench: Workbench) {
    this.page = workbench.page;
    this.lines = this.page.locator('.editor-instance .view-lines').first();
  }

  /** Text on screen once it matches. Lines come in the order of drawing, not of the file. */
  async text(pattern: RegExp): Promise<string> {
    return await waitUntil(
      `editor text ${String(pattern)}`,
      async () => {
        // The editor draws with no-break spaces.
        const shown = (await this.lines.locator('.view-line').allTextContents()).join('\n').replaceAll('\u00a0', ' ');
        return pattern.test(shown) && shown;
      },
      defaultTimeoutMs,
    );
  }

  /** Replaces everything and saves. */
  async replaceAll(text: string): Promise<void> {
    await this.lines.click();
    await this.page.keyboard.press('Control+A');
    // Pasted, because what is typed is helped with brackets and indentation.
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await this.page.keyboard.press('Control+V');
    await this.save();
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tab.active:not(.dirty)').waitFor();
  }

  /** Puts the cursor behind `text` and asks for suggestions; answers their labels. */
  async suggestionsAfter(text: string): Promise<readonly string[]> {
    await this.page.keyboard.press('Control+F');
    await this.page.locator('.find-widget.visible input, .find-widget.visible textarea').first().waitFor();
    await this.page.keyboard.insertText(text);
    await this.page.locator('.find-widget .matchesCount', { hasText: /^1 of / }).waitFor();
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('ArrowRight');
    await this.page.keyboard.press('Control+Space');
    const rows = this.page.locator('.suggest-widget.visible .monaco-list-row');
    await rows.first().waitFor();
    return await ariaLabels(rows);
  }

  async closeSuggestions(): Promise<void> {
    await this.page.keyboard.press('Escape');
  }

  /** Text of the hover over a word of the file. */
  async hoverText(word: string, about: RegExp): Promise<string> {
    const hover = this.page.locator('.monaco-hover .hover-contents, .monaco-hover .hover-row', { hasText: about });
    await this.lines.locator('span > span', { hasText: word }).first().hover();
    await hover.first().waitFor();
    return ((await hover.first().textContent()) ?? '').replaceAll('\u00a0', ' ');
  }

  /** What the Problems panel lists, once it lists something that matches. */
  async problems(pattern: RegExp): Promise<readonly string[]> {
    await this.workbench.runCommand('Problems: Focus on Problems View');
    const rows = this.page.locator('.markers-panel-container .monaco-list-row');
    return await waitUntil(
      `problem ${String(pattern)}`,
      async () => {
        const labels = await ariaLabels(rows);
        return labels.some((label) => pattern.test(label)) && labels;
      },
      defaultTimeoutMs,
    );
  }

  /** Errors and warnings of all files, as the status bar counts them. */
  async problemCount(): Promise<string> {
    return ((await this.page.locator('[id="status.problems"]').getAttribute('aria-label')) ?? '').trim();
  }
}
