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

  /** Opens the context menu and chooses an entry of it. */
  async contextAction(name: string): Promise<void> {
    await this.locator.click({ button: 'right' });
    await this.page.locator('.context-view .action-label', { hasText: name }).first().click();
  }

  /** Text of the hover that appears over the row. */
  async hoverText(): Promise<string> {
    await this.locator.hover();
    const hover = this.page.locator('.workbench-hover .hover-contents').first();
    await hover.waitFor();
    return (await hover.textContent()) ?? '';
  }
}
