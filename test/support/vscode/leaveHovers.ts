import type { Page } from 'playwright-core';
import { retry } from './retry';

/** Moves the pointer to the editor area, away from everything that reacts to it, until no hover is shown any more. */
export async function leaveHovers(page: Page): Promise<void> {
  let attempt = 0;
  await retry(async () => {
    attempt++;
    // A busy window may miss that the pointer left; a key that means nothing hides hovers, too.
    if (attempt > 1) await page.keyboard.press('ScrollLock');
    // In steps: what shows a hover wants to see the pointer leave.
    await page.mouse.move(800, 240, { steps: 4 });
    await page.mouse.move(840, 260, { steps: 2 });
    await page.locator('.workbench-hover').first().waitFor({ state: 'hidden', timeout: 3_000 });
  });
}
