import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { LocalBackendsApiV1 } from '../../src/api';

describe('activation', () => {
  it('exports version 1 of the API, which shows the workspace’s backends', async () => {
    const extension = vscode.extensions.getExtension<LocalBackendsApiV1>('local-backends.local-backends');
    assert.ok(extension, 'the extension is found under its public id');
    const api = await extension.activate();
    assert.equal(api.apiVersion, 1);
    assert.deepEqual(
      api.backends().map((backend) => backend.name),
      ['api', 'db', 'web', 'debugged', 'broken', 'absent'],
    );
  });
});
