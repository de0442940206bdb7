import assert from 'node:assert/strict';
import { join } from 'node:path';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { useBroker, type BrokerHarness } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { repositoryRoot } from '../../support/repositoryRoot';
import { launchBrowser } from '../../support/vscode/browser';
import { requests } from '../../../src/protocol/messages';
import { waitUntil } from '../../support/waitUntil';

const vite = join(repositoryRoot, 'node_modules', 'vite', 'bin', 'vite.js');
const page =
  '<!doctype html><link rel="icon" href="data:,"><p id="said"></p><script type="module" src="/main.js"></script>';
const main = `
import { words } from './words.js';
const show = (text) => (document.getElementById('said').textContent = text);
show(words);
import.meta.hot.accept('./words.js', (fresh) => show(fresh.words));
`;
const waitMs = 30_000;

/** Stands between the browser and the public port: Vite's pings come from a worker, where no page sees them. */
async function countPings(port: number): Promise<{ readonly port: number; pings: number; close(): void }> {
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    client.on('data', (bytes) => (counted.pings += bytes.includes('vite-ping') ? 1 : 0));
    client.pipe(upstream).pipe(client);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const counted = { port: (server.address() as AddressInfo).port, pings: 0, close: () => server.close() };
  return counted;
}

describe('a page of a Vite development server behind a gateway', function () {
  this.timeout(90_000);
  const broker = useBroker();
  let browser: Browser | undefined;
  afterEach(() => browser?.close());
  useLeakCheck(10_000);
  beforeEach(async () => {
    browser = await launchBrowser();
  });

  const edit = (b: BrokerHarness, words: string): string => b.write('words.js', `export const words = '${words}';`);

  async function startVite(b: BrokerHarness, more: object = {}): Promise<string> {
    b.write('vite.config.mjs', `export default { cacheDir: '.vite' };`);
    b.write('index.html', page);
    b.write('main.js', main);
    edit(b, 'one');
    const command = [process.execPath, vite, '--host', '127.0.0.1', '--port', '${port}', '--strictPort'];
    await b.declare({ web: { command, port: 'auto', ready: { http: '/' }, idleTimeout: '1s', ...more } });
    const { publicPort = 0 } = await b.start('web');
    return `http://localhost:${publicPort}/`;
  }

  // Whatever page is there meanwhile, also the one that waits, which lets no script run.
  const says = (tab: Page, words: string): Promise<void> =>
    tab.locator('#said', { hasText: words }).waitFor({ timeout: waitMs });

  /** Only a page that was not loaded again still has its mark. */
  const mark = (tab: Page): Promise<unknown> => tab.evaluate(`globalThis.marked = true`);
  const isMarked = (tab: Page): Promise<unknown> => tab.evaluate(`globalThis.marked === true`);

  async function open(url: string, words: string): Promise<Page> {
    assert.ok(browser !== undefined);
    const tab = await browser.newPage();
    await tab.goto(url, { waitUntil: 'commit', timeout: waitMs });
    await says(tab, words);
    return tab;
  }

  async function isUpdatedInPlace(b: BrokerHarness, tab: Page, words: string): Promise<void> {
    await b.waitFor(
      'web',
      ({ idle }) => idle?.holds.some(({ reason }) => reason.includes('WebSocket')) === true,
      waitMs,
    );
    await mark(tab);
    edit(b, words);
    await says(tab, words);
    assert.equal(await isMarked(tab), true, 'the module was exchanged, the page was not loaded again');
  }

  it('keeps it awake while it is open, lets it sleep when it is closed, and wakes it with all that it had', async () => {
    const b = broker();
    const url = await startVite(b);
    const first = await open(url, 'one');
    await isUpdatedInPlace(b, first, 'two');
    const { pid } = b.view('web');
    await first.close();
    await b.waitFor('web', 'quiesced', waitMs);
    const second = await open(url, 'two');
    const woken = await b.waitFor('web', 'ready', waitMs);
    assert.notEqual(woken.pid, pid);
    assert.match(woken.lastVerdict ?? '', /^woken by GET \//);
    await isUpdatedInPlace(b, second, 'three');
    await second.close();
  });

  it('does not wake what a person put to sleep, and comes back by itself once something else does', async () => {
    const b = broker();
    const url = await startVite(b, { idleTimeout: '5m' });
    const relay = await countPings(Number(new URL(url).port));
    const tab = await open(`http://localhost:${relay.port}/`, 'one');
    await isUpdatedInPlace(b, tab, 'two');
    await b.sleepNow('web');
    const { stateSince } = b.view('web');
    await waitUntil('the page to look for its server', () => relay.pings >= 3, waitMs);
    const { timeline } = await b.link.request(requests.details, { key: b.key('web') });
    assert.deepEqual(
      timeline.filter(({ at }) => at > stateSince),
      [],
      'nothing happened since',
    );
    assert.equal(b.view('web').state, 'quiesced');
    assert.equal(await isMarked(tab), true);
    edit(b, 'three');
    assert.equal(await tab.evaluate(`fetch('/words.js').then((answer) => answer.status)`), 200);
    await says(tab, 'three');
    await isUpdatedInPlace(b, tab, 'four');
    await tab.close();
    relay.close();
  });
});
