import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BackendSnapshot, LocalBackendsApiV1 } from '../../src/api';
import { waitUntil } from '../support/waitUntil';
import { backendsApi, configFile, stopEverything } from './workbench';

async function taskOf(backend: string): Promise<vscode.Task> {
  const tasks = await vscode.tasks.fetchTasks({ type: 'localBackends' });
  const task = tasks.find((candidate) => candidate.definition['backend'] === backend);
  assert.ok(task, `there is a task for ${backend}`);
  return task;
}

/** What the task told as a problem of the configuration file, which is what keeps a debugger from being launched. */
const problems = (): vscode.Diagnostic[] =>
  vscode.languages
    .getDiagnostics(vscode.Uri.file(configFile()))
    .filter((diagnostic) => diagnostic.message.startsWith('broken: '));

/** A task holds its backend awake once it was told that it is ready. */
function held(api: LocalBackendsApiV1): Promise<BackendSnapshot> {
  return api.waitForState('db', (b) => b.idle?.holds.some((hold) => hold.kind === 'task') === true);
}

describe('backend task', () => {
  let api: LocalBackendsApiV1;
  before(async () => {
    api = await backendsApi();
  });
  afterEach(stopEverything);

  it('starts_the_backend_holds_it_awake_and_ends_with_it', async () => {
    const execution = await vscode.tasks.executeTask(await taskOf('db'));
    const ended = new Promise<void>((resolve) => {
      const listener = vscode.tasks.onDidEndTask((event) => {
        if (event.execution !== execution) return;
        listener.dispose();
        resolve();
      });
    });
    assert.equal((await held(api)).state, 'ready');
    await api.stop('db');
    await ended;
  });

  it('leaves_a_backend_that_is_ready_already_as_it_is', async () => {
    const { pid } = await api.start('db');
    const execution = await vscode.tasks.executeTask(await taskOf('db'));
    assert.equal((await held(api)).pid, pid);
    await api.stop('db');
    await waitUntil('the task has ended', () => !vscode.tasks.taskExecutions.includes(execution));
  });

  it('tells_a_failed_start_as_a_problem', async () => {
    await vscode.tasks.executeTask(await taskOf('broken'));
    const [problem] = await waitUntil('the problem is shown', () => (problems().length > 0 ? problems() : undefined));
    assert.equal(problem?.severity, vscode.DiagnosticSeverity.Error);
    assert.match(problem.message, /exit code 3|exited/i);
  });
});
