import type { Locator, Page } from 'playwright-core';
import { ariaLabels } from './ariaLabels';

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
  async hoverText(about: string | RegExp = /./): Promise<string> {
    const hover = this.page.locator('.workbench-hover .hover-contents', { hasText: about });
    return await retry(async () => {
      await this.page.mouse.move(elsewhere.x, elsewhere.y);
      await this.page.locator('.workbench-hover .hover-contents').first().waitFor({ state: 'hidden' });
      await this.locator.hover();
      await hover.first().waitFor({ timeout: hoverTimeoutMs });
      return (await hover.first().textContent()) ?? '';
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

/** A place in the empty editor, away from everything that reacts to a pointer. */
const elsewhere = { x: 800, y: 240 };
const attempts = 5;
/** It says "Loading..." until the extension has answered. */
const hoverTimeoutMs = 10_000;

async function retry<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = attempts; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}
