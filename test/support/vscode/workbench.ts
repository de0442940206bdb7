import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { ariaLabels } from './ariaLabels';
import { cacheRoot } from './cachedFolder';
import { leaveHovers } from './leaveHovers';
import { retry } from './retry';
import { TreeRow } from './treeRow';

export interface WorkbenchOptions {
  /** `http://127.0.0.1:PORT` */
  readonly serverUrl: string;
  /** Absolute path of the folder, or of a `.code-workspace` file. */
  readonly workspace: string;
  /** Folder below `.vscode-test/screenshots`. */
  readonly screenshots: string;
}

/** The whole wait for a workbench on a machine with two busy cores. */
const openTimeoutMs = 60_000;
const defaultTimeoutMs = 20_000;
const openAttemptMs = 5_000;
const paletteAttempts = 5;
const paletteAttemptMs = 4_000;

/** A person at a VS Code window: looks at what is drawn, clicks and types, knows no API. */
export class Workbench {
  private constructor(
    readonly page: Page,
    private readonly options: WorkbenchOptions,
  ) {}

  static async open(browser: Browser, options: WorkbenchOptions): Promise<Workbench> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(defaultTimeoutMs);
    const parameter = options.workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
    const url = `${options.serverUrl}/?${parameter}=${encodeURIComponent(options.workspace)}`;
    await page.goto(url, { waitUntil: 'commit', timeout: openTimeoutMs });
    const workbench = new Workbench(page, options);
    await workbench.waitUntilDrawn();
    return workbench;
  }

  /** Reloads the window; the extension host of before ends and a new one starts. */
  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'commit', timeout: openTimeoutMs });
    await this.waitUntilDrawn();
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  private async waitUntilDrawn(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: openTimeoutMs });
    await this.page.locator('.monaco-workbench .part.activitybar').waitFor({ timeout: openTimeoutMs });
  }

  /** Opens a view container by the name on its activity bar icon. */
  async openViewContainer(name: string): Promise<void> {
    const action = this.page.locator(`.activitybar .action-item:has(.action-label[aria-label^="${name}"])`);
    await action.waitFor({ timeout: openTimeoutMs });
    // A window that is being restored shows a container before it says so; a click on an open one would close it.
    await this.page.locator('.activitybar .action-item.checked').first().waitFor();
    await retry(async () => {
      if (!/\bchecked\b/.test((await action.getAttribute('class')) ?? '')) await action.click();
      await this.page.locator('.sidebar .pane-body').first().waitFor({ timeout: openAttemptMs });
    });
  }

  /**
   * Runs a command through the palette by its full title, `Category: Title`. The palette shows similar commands for one
   * that is not there (yet) and Enter would run one of them, so it is reopened until exactly this row has the focus.
   */
  async runCommand(title: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget .quick-input-box input');
    const focused = '.quick-input-list .monaco-list-row.focused';
    // After the title VS Code may say the key binding or "recently used".
    const exact = this.page.locator(`${focused}[aria-label="${title}"], ${focused}[aria-label^="${title}, "]`);
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press('F1');
      await input.waitFor();
      await input.fill(`>${title}`);
      try {
        await exact.waitFor({ timeout: paletteAttemptMs });
        break;
      } catch (error) {
        await this.page.keyboard.press('Escape');
        if (attempt === paletteAttempts) throw new Error(`The palette has no command "${title}"`, { cause: error });
      }
    }
    await this.page.keyboard.press('Enter');
  }

  /** Labels in the palette for a text, as a person sees them. */
  async paletteOffers(text: string): Promise<readonly string[]> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget .quick-input-box input');
    await input.waitFor();
    await input.fill(`>${text}`);
    await this.page.locator('.quick-input-list .monaco-list-row.focused').waitFor();
    const offers = await ariaLabels(this.quickPickRows());
    await this.page.keyboard.press('Escape');
    return offers;
  }

  quickPickRows(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-list .monaco-list-row');
  }

  /** Labels of an open quick pick, without its separators. */
  async pickLabels(): Promise<readonly string[]> {
    await this.quickPickRows().first().waitFor();
    return await ariaLabels(this.quickPickRows());
  }

  /** Names of the buttons on the row of an open quick pick. */
  async pickButtons(label: string): Promise<readonly string[]> {
    return await ariaLabels(this.quickPickRow(label).locator('.action-label'));
  }

  async clickPickButton(label: string, button: string): Promise<void> {
    await this.quickPickRow(label).hover();
    await this.quickPickRow(label).locator(`.action-label[aria-label="${button}"]`).click();
  }

  private quickPickRow(label: string): Locator {
    return this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${label}"]`).first();
  }

  /** Chooses the row of an open quick pick whose label begins with `label`. */
  async pick(label: string): Promise<void> {
    await this.quickPickRow(label).click();
  }

  treeRows(): Locator {
    return this.page.locator('.sidebar .pane-body .monaco-list-row');
  }

  /** The tree row with exactly this label. */
  row(label: string): TreeRow {
    const name = this.page.locator('.label-name', { hasText: new RegExp(`^${escapeRegExp(label)}$`) });
    return new TreeRow(this.page, this.treeRows().filter({ has: name }));
  }

  /** Waits until the keyboard is in the tree, on the row whose spoken label begins with `label` where one is given. */
  async waitForFocusedRow(label?: string): Promise<void> {
    const list = this.page.locator('.sidebar .pane-body .monaco-list:focus');
    const row = label === undefined ? list : list.locator(`.monaco-list-row.focused[aria-label^="${label}"]`);
    await row.waitFor();
  }

  /** Waits until the keyboard is on the entry `label` of an open menu. */
  async waitForMenuFocus(label: string): Promise<void> {
    const focused = this.page.locator('.context-view .monaco-menu .action-item.focused', { hasText: label });
    await this.page.locator('.context-view .monaco-menu .action-item').first().waitFor();
    if ((await focused.count()) === 0) await this.page.keyboard.press('ArrowDown');
    await focused.waitFor();
  }

  /** `id` is the item's own; VS Code puts publisher and name in front. */
  statusBarItem(id: string): Locator {
    return this.page.locator(`[id="local-backends.local-backends.${id}"]`);
  }

  /** What the item says, without its icon. */
  async statusBarText(id: string): Promise<string> {
    return ((await this.statusBarItem(id).textContent()) ?? '').trim();
  }

  /** The number on the icon of a view container; empty when there is none. */
  async badge(container: string): Promise<string> {
    const action = this.page.locator(`.activitybar .action-item:has(.action-label[aria-label^="${container}"])`);
    return ((await action.locator('.badge').textContent()) ?? '').trim();
  }

  /** Text of the line above the rows of the view. */
  async viewMessage(): Promise<string> {
    return (await this.page.locator('.sidebar .tree-explorer-viewlet-tree-view .message').first().textContent()) ?? '';
  }

  /** A person who is slow: presses, waits until `meanwhile` has come true, lets go. */
  async slowClick(target: Locator, meanwhile: () => Promise<unknown>): Promise<void> {
    await target.hover();
    await this.page.mouse.down();
    await meanwhile();
    await this.page.mouse.up();
  }

  /** A button in the title of the open view. */
  titleAction(name: string): Locator {
    return this.page.locator(`.sidebar .composite.title .action-label[aria-label^="${name}"]`);
  }

  /** Takes the pointer away from everything that reacts to it. */
  async movePointerAway(): Promise<void> {
    await leaveHovers(this.page);
  }

  toasts(): Locator {
    return this.page.locator('.notifications-toasts .notification-toast');
  }

  /** Messages of the toasts on screen. */
  async toastMessages(): Promise<readonly string[]> {
    return await this.toasts().locator('.notification-list-item-message').allTextContents();
  }

  /** Waits for a message that holds `text`; answers all of it. */
  async toastMessage(text: string | RegExp, timeoutMs?: number): Promise<string> {
    const message = this.toasts().locator('.notification-list-item-message', { hasText: text }).first();
    await message.waitFor(timeoutMs === undefined ? {} : { timeout: timeoutMs });
    return (await message.textContent()) ?? '';
  }

  /** Labels of the buttons of the first message that holds `text`. */
  async toastButtons(text: string | RegExp): Promise<readonly string[]> {
    return await this.toasts().filter({ hasText: text }).first().locator('.monaco-button').allTextContents();
  }

  async clearToasts(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
    await this.toasts().first().waitFor({ state: 'hidden' });
  }

  async clickToastButton(toastText: string, button: string): Promise<void> {
    const toast = this.toasts().filter({ hasText: toastText }).first();
    await toast.hover();
    await toast.locator('.monaco-button', { hasText: button }).click();
  }

  /** Terminal text as drawn for a screen reader or in rows, whichever the renderer offers. */
  terminalRows(): Locator {
    return this.page.locator(
      '.terminal-wrapper.active .xterm-rows, .terminal-wrapper.active .xterm-accessibility-tree',
    );
  }

  /** Moves the pointer over the last piece of terminal text that contains `text`. */
  async hoverTerminalText(text: string): Promise<void> {
    const box = await this.terminalRows().locator('span', { hasText: text }).last().boundingBox();
    if (box === null) throw new Error(`The terminal does not show "${text}"`);
    // A link is looked for when the pointer moves inside the text; near its end, where the address is.
    await this.page.mouse.move(box.x + box.width - 60, box.y + box.height / 2);
    await this.page.mouse.move(box.x + box.width - 50, box.y + box.height / 2);
  }

  /** Text of the rendered page in the active editor once it matches. */
  async previewText(pattern: RegExp): Promise<string> {
    const body = this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame').locator('body');
    await body.filter({ hasText: pattern }).waitFor();
    return (await body.textContent()) ?? '';
  }

  async allowClipboard(): Promise<void> {
    await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  }

  async clipboardText(): Promise<string> {
    return await this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  /** Keeps a picture below `.vscode-test/screenshots`; answers its path. */
  async screenshot(name: string): Promise<string> {
    const folder = join(cacheRoot, 'screenshots', this.options.screenshots);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
