import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { repositoryRoot } from '../repositoryRoot';
import { waitUntil } from '../waitUntil';

interface StatusSeen {
  readonly text: string;
  readonly spins: boolean;
}

interface Seen {
  /** Descriptions by the label of the row. */
  readonly rows: Readonly<Record<string, readonly string[]>>;
  readonly status: readonly StatusSeen[];
  readonly toasts: readonly string[];
}

const pageScript = join(repositoryRoot, 'test', 'support', 'e2e', 'pageWitness.mjs');

/** Remembers what changes too quickly to be looked at in time, from `start` until the next reload. */
export class Witness {
  private constructor(private readonly page: Page) {}

  static async start(page: Page): Promise<Witness> {
    await page.evaluate(readFileSync(pageScript, 'utf8'));
    return new Witness(page);
  }

  /** Every text a row has had beside its label, in order. */
  async descriptionsOf(label: string): Promise<readonly string[]> {
    return (await this.seen()).rows[label] ?? [];
  }

  /** Waits until a row has had a text that matches, be it gone again by now. */
  async hasShown(label: string, pattern: RegExp, timeoutMs: number): Promise<void> {
    await waitUntil(
      `row ${label} to say ${String(pattern)}`,
      async () => (await this.descriptionsOf(label)).some((text) => pattern.test(text)),
      timeoutMs,
    ).catch(async (error: unknown) => {
      throw new Error(`${label} has said: ${(await this.descriptionsOf(label)).join(' | ')}`, { cause: error });
    });
  }

  async status(): Promise<readonly StatusSeen[]> {
    return (await this.seen()).status;
  }

  async toasts(): Promise<readonly string[]> {
    return (await this.seen()).toasts;
  }

  private async seen(): Promise<Seen> {
    return await this.page.evaluate<Seen>('globalThis.localBackendsSeen');
  }
}
