/**
 * Takes the picture of the README, by hand where redis-server is installed:
 * `npm run package && node test/support/launch.mjs support/e2e/readmePictureMain`, then
 * `pngquant --force --ext .png 128 media/readme/local-backends.png` to a third of its size.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../repositoryRoot';
import { openWindow, type OpenWindow } from './openWindow';

const picture = join(repositoryRoot, 'media', 'readme', 'local-backends.png');
const readyTimeoutMs = 60_000;
const requested = ['/books', '/books/1', '/books/2', '/books/3', '/books'];

/** What only the browser edition of VS Code shows would puzzle people who use the other one. */
const onlyInBrowsers = ['status.host', 'status.forwardedPorts', 'status.workbench.keyboardLayout'];

async function takePicture({ workbench }: OpenWindow): Promise<void> {
  const { page } = workbench;
  const hidden = [...onlyInBrowsers.map((id) => `[id="${id}"]`), '.menubar-menu-button'].join(', ');
  await page.addStyleTag({ content: `${hidden} { display: none !important; }` });
  await workbench.openViewContainer('Backends');
  for (const name of ['db', 'api', 'worker']) {
    await workbench.row(name).clickInlineAction('Start');
    await workbench.row(name).waitForDescription(/^ready/, readyTimeoutMs);
  }
  const described = await workbench.row('api').description();
  const port = /:(\d+)/.exec(described)?.[1];
  for (const path of requested) await fetch(`http://127.0.0.1:${port}${path}`).then((response) => response.text());
  await workbench.runCommand('Backends: Open Configuration');
  await page.locator('.editor-instance .view-lines').waitFor();
  await workbench.row('api').clickInlineAction('Show Log');
  await workbench.terminalRows().filter({ hasText: '/books' }).first().waitFor();
  await workbench.row('web').clickInlineAction('Start');
  await page.mouse.move(820, 300);
  await workbench.row('web').waitForDescription(/probe 7/, readyTimeoutMs);
  await page.locator('.notification-toast').waitFor();
  mkdirSync(dirname(picture), { recursive: true });
  await page.screenshot({ path: picture });
}

async function main(): Promise<void> {
  const window = await openWindow({
    fixture: 'bookshop',
    screenshots: 'readme',
    settings: { 'editor.minimap.enabled': false, 'breadcrumbs.enabled': false },
  });
  try {
    await takePicture(window);
    console.log(picture);
  } finally {
    await window.close();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
