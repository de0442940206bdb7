import assert from 'node:assert/strict';
import { isAlive, useBroker } from '../../support/brokerHarness';
import { failureOf } from '../../support/failsWith';
import { hostileProgram } from '../../support/hostileProgram';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';
import type { TestWindow } from '../../support/testWindow';
import { waitUntil } from '../../support/waitUntil';
import { scrubEditorEnvironment } from '../../../src/config/editorEnvironment';

/** A one-shot that writes its environment; what it wrote is what a backend really gets. */
const printer = {
  command: ['node', '-e', `require('node:fs').writeFileSync('env.json', JSON.stringify(process.env))`],
  oneShot: true,
};

describe('the environment of a backend', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  const seenBy = async (
    window: TestWindow,
    backend: object,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Readonly<Record<string, string>>> => {
    await window.declare({ printer: { ...printer, ...backend } });
    await window.start('printer', { environment });
    return JSON.parse(broker().read('env.json')) as Record<string, string>;
  };

  it('is that of the window without what the editor put there, and what we add', async () => {
    const fromEditor = {
      VSCODE_IPC_HOOK_CLI: '/tmp/x',
      VSCODE_PID: '1',
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '--require=/nowhere/bootloader.js',
      KEPT: 'yes',
    };
    const environment = scrubEditorEnvironment({ ...process.env, ...fromEditor }, process.platform);
    const b = broker();
    b.write(
      'server.cjs',
      `require('node:fs').writeFileSync('env.json', JSON.stringify(process.env));${httpServerSource}`,
    );
    const server = { command: ['node', 'server.cjs'], oneShot: false, port: 'auto' };
    const seen = await seenBy(b.window(), server, environment);
    assert.equal(seen['KEPT'], 'yes');
    assert.equal(seen['FORCE_COLOR'], '1');
    assert.equal(seen['CLICOLOR_FORCE'], '1');
    assert.equal(seen['PYTHONUNBUFFERED'], '1');
    assert.match(seen['PORT'] ?? '', /^\d+$/);
    assert.match(seen['LOCAL_BACKENDS_RUN'] ?? '', /^[0-9a-f]{32}$/);
    const editors = Object.keys(seen).filter((name) => /^(VSCODE_|ELECTRON_)/.test(name));
    assert.deepEqual(editors, []);
    assert.equal(seen['NODE_OPTIONS'], undefined);
  });

  it('has no PORT without a port', async () => {
    const seen = await seenBy(broker().window(), {});
    assert.equal(seen['PORT'], undefined);
  });

  it('takes env files in their order, over the window and under env', async () => {
    const b = broker();
    b.write('.env', 'WINDOW=file\nFIRST=a\nSHARED=a\nWINS=a\nFORCE_COLOR=0\n');
    b.write('.env.local', 'SHARED=b\nWINS=b\nSECOND="two words"\n');
    const seen = await seenBy(
      b.window(),
      { envFile: ['.env', '.env.local'], env: { WINS: 'env', COPY: '${env:SHARED}', PYTHONUNBUFFERED: '0' } },
      { WINDOW: 'window', UNTOUCHED: 'window' },
    );
    assert.equal(seen['UNTOUCHED'], 'window');
    assert.equal(seen['WINDOW'], 'file');
    assert.equal(seen['FIRST'], 'a');
    assert.equal(seen['SHARED'], 'b');
    assert.equal(seen['SECOND'], 'two words');
    assert.equal(seen['WINS'], 'env');
    assert.equal(seen['COPY'], 'b');
    assert.equal(seen['FORCE_COLOR'], '1', 'what we add goes over env files');
    assert.equal(seen['PYTHONUNBUFFERED'], '0', 'and under env');
  });

  it('lacks a missing env file with a warning, not a failure', async () => {
    const b = broker();
    const window = b.window();
    const seen = await seenBy(window, { envFile: ['.env.missing'], env: { A: 'a' } });
    assert.equal(seen['A'], 'a');
    await waitUntil('the warning', () => window.told.some((line) => /env file not found.*\.env\.missing/.test(line)));
  });

  it('never shows a value in the details, only names', async () => {
    const b = broker();
    const window = b.window();
    await seenBy(window, { env: { API_TOKEN: 'do-not-show' } });
    const details = await window.details('printer');
    assert.ok(details.environmentNames.includes('API_TOKEN'));
    assert.equal(JSON.stringify(details).includes('do-not-show'), false);
  });

  it('never shows what a variable of it stands for, in failures, details or looks', async () => {
    const window = broker().window();
    const waits = ['node', '-e', 'setInterval(() => {}, 1000)', '${env:HIDDEN}'];
    const ready = { exec: ['node', '-e', 'process.exit(1)', '${env:HIDDEN}'], timeout: '1500ms' };
    await window.declare({ api: { command: waits, ready }, absent: { command: ['${env:HIDDEN}'] } });
    const environment = { HIDDEN: 'hunter-two' };
    const timeout = await failureOf(window.start('api', { environment }));
    assert.equal(timeout.code, 'readyTimeout');
    assert.match(timeout.failure.probed ?? '', /exec node .*\$\{env:HIDDEN\}/);
    const notFound = await failureOf(window.start('absent', { environment }));
    assert.equal(notFound.code, 'commandNotFound');
    assert.match(notFound.message, /not found: \$\{env:HIDDEN\}/);
    const told = [timeout.failure, notFound.failure, await window.details('api'), await window.details('absent')];
    assert.doesNotMatch(JSON.stringify([told, [...window.views.values()], window.told]), /hunter-two/);
  });

  it('has an input that never ends, whoever dies', async () => {
    const b = broker();
    const window = b.window();
    await window.declare({ reader: { command: hostileProgram('readsInput.mjs'), ready: { log: 'up' } } });
    const { pid = 0 } = await window.start('reader');
    try {
      process.kill(b.brokerPid ?? 0, 'SIGKILL');
      await waitUntil('the link to be lost', () => window.link.state !== 'connected');
      const lostAt = performance.now();
      await waitUntil('the end of input to have been seen', () => performance.now() - lostAt > 300);
      await waitUntil('a new broker', () => window.link.state === 'connected');
      assert.equal(isAlive(pid), true);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
  });
});
