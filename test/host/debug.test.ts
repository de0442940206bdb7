import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BackendSnapshot, LocalBackendsApiV1 } from '../../src/api';
import { waitUntil } from '../support/waitUntil';
import { accepts } from '../support/accepts';
import { backendsApi, snapshotOf, stopEverything, workspaceFolder } from './workbench';

/** The debugger is the one that comes with VS Code. */
describe('debug session', () => {
  let api: LocalBackendsApiV1;
  const running = new Set<string>();
  const listening: vscode.Disposable[] = [];
  before(async () => {
    listening.push(
      vscode.debug.onDidStartDebugSession(({ id }) => running.add(id)),
      vscode.debug.onDidTerminateDebugSession(({ id }) => running.delete(id)),
    );
    api = await backendsApi();
  });
  afterEach(async () => {
    await stopEverything();
    // A debuggee that runs on lets its session end later than the call that stops it; the session of a target that
    // the debugger found at that very moment begins after the call, which has to be made again.
    await waitUntil('no session is left', async () => {
      await vscode.debug.stopDebugging();
      return running.size === 0;
    });
  });
  after(() => {
    for (const listener of listening) listener.dispose();
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

  describe('with a backend as its preLaunchTask', () => {
    const launch = { type: 'node', name: 'After it', request: 'launch', program: '${workspaceFolder}/server.mjs' };
    const started: vscode.DebugSession[] = [];
    let recording: vscode.Disposable;
    // Otherwise a dialog asks, which nobody answers here.
    const onTaskErrors = (value: string | undefined): Thenable<void> =>
      vscode.workspace.getConfiguration('debug').update('onTaskErrors', value, vscode.ConfigurationTarget.Global);
    const launchAfter = (backend: string): Thenable<boolean> =>
      vscode.debug.startDebugging(workspaceFolder(), {
        ...launch,
        env: { PORT: '17319' },
        console: 'internalConsole',
        preLaunchTask: `Local Backends: ${backend}`,
      });

    before(async () => {
      await onTaskErrors('abort');
      recording = vscode.debug.onDidStartDebugSession((session) => started.push(session));
    });
    after(async () => {
      recording.dispose();
      await onTaskErrors(undefined);
    });
    beforeEach(() => {
      started.length = 0;
    });

    it('is_not_launched_when_the_backend_fails', async () => {
      assert.equal(await launchAfter('broken'), false);
      assert.deepEqual(started, []);
      assert.equal(await accepts(17_319), false, 'its program was not started');
    });

    it('is_launched_when_the_backend_is_ready', async () => {
      assert.equal(await launchAfter('db'), true);
      assert.equal(snapshotOf(api, 'db').state, 'ready');
      assert.ok(started.length > 0);
    });
  });
});
