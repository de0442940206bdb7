import assert from 'node:assert/strict';
import { BackendFailure } from '../../../src/protocol/backendFailure';
import { resolveBackend } from '../../../src/vscode/resolveBackend';
import { viewOf } from '../model/viewOf';

const one = viewOf('ready', { key: '/one#api', name: 'api', folder: 'one', folderPath: '/one' });
const two = viewOf('ready', { key: '/two#api', name: 'api', folder: 'two', folderPath: '/two' });
const db = viewOf('ready', { key: '/one#db', name: 'db', folder: 'one', folderPath: '/one' });
const views = [one, two, db];

const unknown = (hint: RegExp) => (error: unknown) => {
  assert.ok(error instanceof BackendFailure);
  assert.equal(error.code, 'unknownBackend');
  assert.match(error.hint ?? '', hint);
  return true;
};

describe('resolveBackend', () => {
  it('finds_by_name_by_folder_and_name_and_by_key', () => {
    assert.equal(resolveBackend(views, 'db'), db);
    assert.equal(resolveBackend(views, 'one/db'), db);
    assert.equal(resolveBackend(views, 'two/api'), two);
    assert.equal(resolveBackend(views, '/one#api'), one);
  });

  it('asks_for_the_folder_where_several_have_the_name', () => {
    assert.throws(() => resolveBackend(views, 'api'), unknown(/one\/api, two\/api/));
  });

  it('names_what_there_is_when_there_is_no_such_backend', () => {
    assert.throws(() => resolveBackend(views, 'nope'), unknown(/one\/api, two\/api, db/));
    assert.throws(() => resolveBackend([], 'nope'), unknown(/No backend is declared/));
  });
});
