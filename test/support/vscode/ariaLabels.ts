import type { Locator } from 'playwright-core';

/** What a screen reader would say of each element. */
export async function ariaLabels(elements: Locator): Promise<readonly string[]> {
  const all = await elements.all();
  return await Promise.all(all.map(async (element) => (await element.getAttribute('aria-label')) ?? ''));
}
