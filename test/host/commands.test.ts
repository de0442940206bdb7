import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { LocalBackendsApiV1 } from '../../src/api';
import { commandIds } from '../../src/ids';
import { accepts } from '../support/accepts';
import { backendsApi, snapshotOf, stopEverything } from './workbench';

const run = (id: string, ...args: unknown[]): Thenable<unknown> => vscode.commands.executeCommand(id, ...args);

describe('commands', () => {
  let api: LocalBackendsApiV1;
  before(async () => {
    api = await backendsApi();
  });
  afterEach(stopEverything);

  it('are_all_registered', async () => {
    const known = await vscode.commands.getCommands(true);
    assert.deepEqual(
      Object.values(commandIds).filter((id) => !known.includes(id)),
      [],
    );
  });

  it('start_restart_and_stop_return_when_it_is_so', async () => {
    await run(commandIds.start, 'api');
    const { state, pid } = snapshotOf(api, 'api');
    assert.equal(state, 'ready');
    await run(commandIds.restart, 'host/api');
    assert.equal(snapshotOf(api, 'api').state, 'ready');
    assert.notEqual(snapshotOf(api, 'api').pid, pid);
    await run(commandIds.stop, { name: 'api' });
    assert.equal(snapshotOf(api, 'api').state, 'stopped');
    assert.equal(await accepts(17_310), false);
  });

  it('stop_takes_dependents_along_when_code_asks', async () => {
    await run(commandIds.start, 'web');
    await run(commandIds.stop, 'db');
    assert.deepEqual([snapshotOf(api, 'web').state, snapshotOf(api, 'db').state], ['stopped', 'stopped']);
  });

  it('startAll_and_stopAll_do_it_for_all_that_can', async () => {
    await run(commandIds.startAll);
    for (const name of ['api', 'db', 'web']) assert.equal(snapshotOf(api, name).state, 'ready', name);
    for (const name of ['broken', 'absent']) assert.equal(snapshotOf(api, name).state, 'failed', name);
    await run(commandIds.stopAll);
    for (const name of ['api', 'db', 'web']) assert.equal(snapshotOf(api, name).state, 'stopped', name);
  });

  it('sleepNow_and_keepAwake_change_what_keeps_it_up', async () => {
    await run(commandIds.start, 'db');
    await run(commandIds.keepAwake, 'db', { durationMs: 60_000 });
    assert.ok(snapshotOf(api, 'db').idle?.holds.some((hold) => hold.kind === 'keepAwake'));
    for (const durationMs of [0, -1, 'long']) {
      await assert.rejects(Promise.resolve(run(commandIds.keepAwake, 'db', { durationMs })), /durationMs/);
    }
    await run(commandIds.releaseKeepAwake, 'db');
    assert.deepEqual(snapshotOf(api, 'db').idle?.holds, []);
    await run(commandIds.sleepNow, 'db');
    assert.equal(snapshotOf(api, 'db').state, 'quiesced');
  });

  it('reject_with_the_code_in_the_message_when_called_with_a_name', async () => {
    await assert.rejects(Promise.resolve(run(commandIds.start, 'nobody')), /\[unknownBackend\]/);
    await assert.rejects(Promise.resolve(run(commandIds.start, 'broken')), /\[exitedBeforeReady\]/);
  });

  it('startAll_of_a_named_folder_rejects_with_the_first_failure', async () => {
    await assert.rejects(Promise.resolve(run(commandIds.startAll, 'no such folder')), /\[unknownBackend\]/);
    await assert.rejects(Promise.resolve(run(commandIds.startAll, 'host')), /\[(exitedBeforeReady|commandNotFound)\]/);
    assert.equal(snapshotOf(api, 'api').state, 'ready');
    await run(commandIds.stopAll, 'host');
    assert.equal(snapshotOf(api, 'api').state, 'stopped');
    await run(commandIds.showLogFile, 'web');
    // Not because of the database that it depends on, which is stopped in the same breath.
    assert.match(
      vscode.window.activeTextEditor?.document.getText() ?? '',
      /─── .* web stopped by a command \(.*───\s*\S*\s*$/,
    );
    await run('workbench.action.closeAllEditors');
  });

  it('copyUrl_puts_the_address_on_the_clipboard', async () => {
    await run(commandIds.start, 'api');
    await run(commandIds.copyUrl, 'api');
    assert.match(await vscode.env.clipboard.readText(), /17310/);
  });

  it('showLogs_opens_one_terminal_and_uses_it_again', async () => {
    await run(commandIds.start, 'api');
    await run(commandIds.showLogs, 'api');
    await run(commandIds.showLogs, 'api');
    const terminals = vscode.window.terminals.filter((terminal) => terminal.name === 'api');
    assert.equal(terminals.length, 1);
    terminals[0]?.dispose();
  });

  it('filterLogs_uses_the_terminal_that_is_there', async () => {
    await run(commandIds.start, 'api');
    await run(commandIds.showLogs, 'api');
    await run(commandIds.filterLogs, 'api', { filter: 'listening' });
    await run(commandIds.filterLogs, 'api');
    const terminals = vscode.window.terminals.filter((terminal) => terminal.name === 'api');
    assert.equal(terminals.length, 1);
    terminals[0]?.dispose();
  });

  it('showLogFile_opens_the_file_with_the_line_that_tells_who_started_it', async () => {
    await run(commandIds.start, 'api');
    await run(commandIds.showLogFile, 'api');
    assert.match(
      vscode.window.activeTextEditor?.document.getText() ?? '',
      /─── .* api started by another extension, reached at http:\/\/localhost:17310 ───/,
    );
    await run('workbench.action.closeAllEditors');
  });

  it('showDetails_shows_the_timeline', async () => {
    await run(commandIds.start, 'api');
    await run(commandIds.showDetails, 'api');
    const uri = vscode.Uri.from({
      scheme: 'local-backends-details',
      path: '/api.md',
      query: snapshotOf(api, 'api').key,
    });
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    assert.match(text, /## Timeline/);
    assert.match(text, /server\\\.mjs/);
    await run('workbench.action.closeAllEditors');
  });

  it('openConfig_opens_the_file_at_the_backend', async () => {
    await run(commandIds.openConfig, 'web');
    const editor = vscode.window.activeTextEditor;
    assert.match(editor?.document.lineAt(editor.selection.active.line).text ?? '', /"web"/);
    assert.equal(editor?.document.languageId, 'jsonc');
    await run('workbench.action.closeAllEditors');
  });
});
