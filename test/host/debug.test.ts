import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BackendSnapshot, LocalBackendsApiV1 } from '../../src/api';
import { backendsApi, stopEverything, workspaceFolder } from './workbench';

/** The debugger is the one that comes with VS Code. */
describe('debug session', () => {
  let api: LocalBackendsApiV1;
  before(async () => {
    api = await backendsApi();
  });
  afterEach(async () => {
    await vscode.debug.stopDebugging();
    await stopEverything();
  });

  const debugHolds = ({ idle }: BackendSnapshot): readonly string[] =>
    (idle?.holds ?? []).filter((hold) => hold.kind === 'debug').map((hold) => hold.reason);
  const start = async (configuration: object): Promise<void> => {
    const whole = { type: 'node', name: 'Look inside', ...configuration } as vscode.DebugConfiguration;
    assert.equal(await vscode.debug.startDebugging(workspaceFolder(), whole), true);
  };

  it('keeps_awake_the_backend_that_its_configuration_names_and_ends_with_the_session', async () => {
    await api.start('db');
    await start({
      request: 'launch',
      program: '${workspaceFolder}/server.mjs',
      env: { PORT: '17319' },
      console: 'internalConsole',
      localBackend: 'db',
    });
    const held = await api.waitForState('db', (b) => debugHolds(b).length > 0);
    assert.match(debugHolds(held)[0] ?? '', /Look inside/);
    await vscode.debug.stopDebugging();
    await api.waitForState('db', (b) => b.idle !== undefined && debugHolds(b).length === 0);
  });

  it('keeps_awake_the_backend_whose_process_it_is_attached_to', async () => {
    await api.start('debugged');
    await start({ request: 'attach', port: 17_318, address: '127.0.0.1' });
    const held = await api.waitForState('debugged', (b) => debugHolds(b).length > 0);
    assert.match(debugHolds(held)[0] ?? '', /Look inside/);
    await vscode.debug.stopDebugging();
    await api.waitForState('debugged', (b) => b.idle !== undefined && debugHolds(b).length === 0);
  });
});
