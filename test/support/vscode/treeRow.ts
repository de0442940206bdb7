import type { Locator, Page } from 'playwright-core';
import { waitUntil } from '../waitUntil';
import { ariaLabels } from './ariaLabels';
import { leaveHovers } from './leaveHovers';
import { retry } from './retry';

/** One row of the tree, found anew at every look: VS Code reuses its nodes. */
export class TreeRow {
  constructor(
    private readonly page: Page,
    readonly locator: Locator,
  ) {}

  async waitFor(timeoutMs?: number): Promise<void> {
    await this.locator.waitFor(timeoutMs === undefined ? {} : { timeout: timeoutMs });
  }

  async description(): Promise<string> {
    return (await this.locator.locator('.label-description').textContent()) ?? '';
  }

  /** Waits until the description matches; the error says what it was instead. */
  async waitForDescription(pattern: RegExp, timeoutMs: number): Promise<string> {
    try {
      const described = this.locator.filter({ has: this.page.locator('.label-description', { hasText: pattern }) });
      await described.waitFor({ timeout: timeoutMs });
      return await this.description();
    } catch (error) {
      throw new Error(`The row says "${await this.description()}", not ${String(pattern)}`, { cause: error });
    }
  }

  async ariaLabel(): Promise<string> {
    return (await this.locator.getAttribute('aria-label')) ?? '';
  }

  /** Class of the icon: `codicon-pass-filled` … */
  async icon(): Promise<string> {
    const classes = await this.locator.locator('.custom-view-tree-node-item-icon').getAttribute('class');
    return /codicon-(?!modifier)[\w-]+/.exec(classes ?? '')?.[0] ?? '';
  }

  /** Names of the actions shown on the row under the pointer. */
  async inlineActions(): Promise<readonly string[]> {
    await this.locator.hover();
    return await ariaLabels(this.locator.locator('.actions .action-label'));
  }

  async clickInlineAction(name: string): Promise<void> {
    await this.locator.hover();
    await this.locator.locator(`.actions .action-label[aria-label^="${name}"]`).click();
  }

  /** Entries of the context menu, without separators. */
  async contextMenu(): Promise<readonly string[]> {
    await this.openContextMenu();
    const labels = await this.menuEntries().allTextContents();
    await this.page.keyboard.press('Escape');
    await this.menuEntries().first().waitFor({ state: 'hidden' });
    return labels.filter((label) => label !== '');
  }

  /** Opens the context menu and chooses an entry of it. */
  async contextAction(name: string): Promise<void> {
    await this.openContextMenu();
    // A menu ignores what is clicked in the instant it opens, so the click is repeated until the menu has gone.
    await retry(async () => {
      if (await this.menuEntries().first().isVisible()) await this.menuEntry(name).click();
      await this.menuEntries().first().waitFor({ state: 'hidden', timeout: 1_000 });
    });
  }

  /** Text of the hover of this row, once it tells `about`; a row that was just refreshed has lost its first one. */
  async hoverText(about: RegExp = /./): Promise<string> {
    const contents = this.page.locator('.workbench-hover .hover-contents').first();
    return await retry(async () => {
      await leaveHovers(this.page);
      await this.locator.hover();
      return await waitUntil(
        `hover ${String(about)}`,
        async () => {
          // Text that is not ours to format is drawn with no-break spaces.
          const text = (await contents.isVisible())
            ? ((await contents.textContent()) ?? '').replaceAll('\u00a0', ' ')
            : '';
          return about.test(text) && text;
        },
        hoverTimeoutMs,
      );
    });
  }

  private async openContextMenu(): Promise<void> {
    await retry(async () => {
      await this.locator.click({ button: 'right' });
      await this.menuEntries().first().waitFor({ timeout: 2_000 });
    });
  }

  private menuEntry(name: string): Locator {
    return this.menuEntries().filter({ hasText: name }).first();
  }

  private menuEntries(): Locator {
    return this.page.locator('.context-view .monaco-menu .action-label');
  }
}

/** It says "Loading..." until the extension has answered. */
const hoverTimeoutMs = 10_000;
