import assert from 'node:assert/strict';
import { readTarget } from '../../../../src/vscode/commands/target';
import { BackendNode, FolderNode } from '../../../../src/vscode/tree/nodes';

const row = (name: string): BackendNode => new BackendNode(`/work#${name}`, name, '/work');

describe('readTarget', () => {
  it('takes_a_name_for_code_that_calls', () => {
    assert.deepEqual(readTarget('api'), { by: 'code', name: 'api' });
    assert.deepEqual(readTarget({ name: 'api' }), { by: 'code', name: 'api' });
    assert.deepEqual(readTarget({ key: '/work#api', name: 'api' }), { by: 'code', name: '/work#api' });
  });

  it('takes_a_row_a_link_or_nothing_for_a_person', () => {
    assert.deepEqual(readTarget(row('api')), { by: 'person', names: ['/work#api'] });
    assert.deepEqual(readTarget({ key: '/work#api', clicked: true }), { by: 'person', names: ['/work#api'] });
    for (const nothing of [undefined, null, 3, {}, { name: 3 }, []]) {
      assert.deepEqual(readTarget(nothing), { by: 'person', names: [] });
    }
  });

  it('means_all_selected_rows_only_when_the_clicked_one_is_among_them', () => {
    const selected = [row('api'), row('db'), new FolderNode('/work', 'work')];
    assert.deepEqual(readTarget(row('db'), selected), { by: 'person', names: ['/work#api', '/work#db'] });
    assert.deepEqual(readTarget(row('web'), selected), { by: 'person', names: ['/work#web'] });
  });
});
