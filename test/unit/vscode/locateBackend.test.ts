import assert from 'node:assert/strict';
import { locateBackend } from '../../../src/vscode/locateBackend';

describe('locateBackend', () => {
  const text = '// all\n{ "backends": { "db": {}, "api": { "command": "x", }, }, }';

  it('finds_the_key_of_the_backend', () => {
    assert.equal(locateBackend(text, 'api'), text.indexOf('"api"'));
  });

  it('finds_nothing_where_there_is_nothing', () => {
    for (const broken of ['', '{', '{"backends": 3}', text]) assert.equal(locateBackend(broken, 'web'), undefined);
  });
});
