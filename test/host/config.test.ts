import assert from 'node:assert/strict';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { LocalBackendsApiV1 } from '../../src/api';
import { waitUntil } from '../support/waitUntil';
import { backendsApi, configFile, snapshotOf, stopEverything, workspaceFolder } from './workbench';

const uri = (): vscode.Uri => vscode.Uri.joinPath(workspaceFolder().uri, '.vscode', 'backends.json');
const ours = (): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri()).filter((diagnostic) => diagnostic.source === 'Local Backends');

describe('configuration file', () => {
  let api: LocalBackendsApiV1;
  let original = '';
  let declared: string[] = [];
  const names = (): string[] => api.backends().map((backend) => backend.name);
  before(async () => {
    api = await backendsApi();
    original = await readFile(configFile(), 'utf8');
    declared = names();
  });
  afterEach(async () => {
    await writeFile(configFile(), original);
    await waitUntil(
      'the original backends are listed',
      () => names().join() === declared.join() && ours().length === 0,
    );
    await stopEverything();
  });

  it('is_read_again_when_it_changes_on_disk', async () => {
    await writeFile(configFile(), original.replace('"absent"', '"renamed"'));
    await waitUntil('the new name is listed', () => names().includes('renamed') && !names().includes('absent'));
  });

  it('is_read_again_when_an_editor_replaces_it', async () => {
    const replacement = `${configFile()}.new`;
    await writeFile(replacement, original.replace('"absent"', '"replaced"'));
    await rename(replacement, configFile());
    await waitUntil('the new name is listed', () => names().includes('replaced'));
  });

  it('counts_for_a_start_that_follows_at_once', async () => {
    await writeFile(configFile(), original.replace('"api"', '"justWritten"'));
    assert.equal((await api.start('justWritten')).state, 'ready');
    await api.stop('justWritten');
  });

  it('shows_a_mistake_at_its_place_and_keeps_the_good_backends', async () => {
    const text = original.replace('"idleTimeout": "never"', '"idleTimeout": "soon"');
    await writeFile(configFile(), text);
    const [problem] = await waitUntil('the problem is shown', () => (ours().length > 0 ? ours() : undefined));
    const document = await vscode.workspace.openTextDocument(uri());
    await waitUntil('the editor has the new text', () => document.getText() === text);
    assert.equal(problem && document.getText(problem.range), '"soon"');
    assert.ok(names().includes('db'));
    assert.equal((await api.start('db')).state, 'ready');
  });

  it('never_breaks_on_broken_text', async () => {
    for (const text of ['', '{', '{"backends": [1, 2', '\u0000\u0001', '[]', '{"backends": {"a": {"command": 3}}}']) {
      await writeFile(configFile(), text);
      await waitUntil(`a problem is shown for ${JSON.stringify(text)}`, () => ours().length > 0);
    }
  });

  it('leaves_a_running_backend_alone_when_another_one_changes', async () => {
    const { pid } = await api.start('api');
    await writeFile(configFile(), original.replace('"absent"', '"other"'));
    await waitUntil('the change is seen', () => names().includes('other'));
    assert.deepEqual([snapshotOf(api, 'api').state, snapshotOf(api, 'api').pid], ['ready', pid]);
  });

  it('keeps_a_running_backend_while_the_file_is_half_written', async () => {
    const { pid } = await api.start('api');
    for (const text of ['', original.slice(0, original.indexOf('"api"') + 3)]) {
      await writeFile(configFile(), text);
      await waitUntil('a problem is shown', () => ours().length > 0);
      assert.deepEqual(names(), declared);
      assert.deepEqual([snapshotOf(api, 'api').state, snapshotOf(api, 'api').pid], ['ready', pid]);
      await writeFile(configFile(), original);
      await waitUntil('the problem is gone', () => ours().length === 0);
    }
    assert.equal(snapshotOf(api, 'api').pid, pid);
  });

  it('lets_a_backend_that_left_the_file_go_when_it_is_stopped', async () => {
    await api.start('api');
    await writeFile(configFile(), original.replace('"api"', '"other"'));
    await waitUntil('the change is seen', () => names().includes('other'));
    assert.equal(snapshotOf(api, 'api').state, 'ready');
    await api.stop('api');
    assert.equal(names().includes('api'), false);
  });

  it('lets_all_backends_go_when_the_file_is_removed', async () => {
    await rm(configFile());
    await waitUntil('nothing is listed', () => api.backends().length === 0);
  });
});
