import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extensionId, settingDefaults } from '../../src/ids';

describe('manifest in a real VS Code', () => {
  it('leaves_no_text_unresolved', () => {
    const manifest: unknown = vscode.extensions.getExtension(extensionId)?.packageJSON;
    const text = JSON.stringify(manifest);
    assert.match(text, /"Start All Backends"/);
    assert.deepEqual(text.match(/"%[\w.]+%"/g) ?? [], []);
  });

  it('gives_the_settings_their_defaults', () => {
    for (const [id, fallback] of Object.entries(settingDefaults)) {
      assert.deepEqual(vscode.workspace.getConfiguration().inspect(id)?.defaultValue, fallback, id);
    }
  });

  it('offers_a_task_for_each_backend', async () => {
    const tasks = await vscode.tasks.fetchTasks({ type: 'localBackends' });
    assert.ok(tasks.some((task) => task.definition['backend'] === 'api' && task.isBackground));
  });
});
