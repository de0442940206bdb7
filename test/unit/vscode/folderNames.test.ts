import assert from 'node:assert/strict';
import { withDistinctNames } from '../../../src/vscode/folderNames';
import { folderOf } from './definitions';

const names = (...paths: string[]): string[] =>
  withDistinctNames(paths.map((path) => ({ ...folderOf('app'), path }))).map(({ name }) => name);

describe('withDistinctNames', () => {
  it('leaves_names_alone_that_tell_the_folders_apart', () => {
    const folders = [folderOf('app'), folderOf('lib')];
    assert.deepEqual(withDistinctNames(folders), folders);
  });

  it('adds_the_fewest_parents_that_tell_namesakes_apart', () => {
    assert.deepEqual(names('/w/a/app', '/w/b/app'), ['a/app', 'b/app']);
    assert.deepEqual(names('/w/a/x/app', '/w/b/x/app'), ['a/x/app', 'b/x/app']);
    assert.deepEqual(names('C:\\a\\app', 'C:\\b\\app'), ['a/app', 'b/app']);
    assert.deepEqual(names('/app', '/w/app'), ['app', 'w/app']);
  });
});
