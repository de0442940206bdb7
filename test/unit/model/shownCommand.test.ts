import assert from 'node:assert/strict';
import { shownCommand } from '../../../src/model/shownCommand';

describe('a command given as a list', () => {
  it('is shown with all of its arguments, also empty ones and those with spaces', () => {
    const argv = ['redis-server', '--save', '', '--dir', '/a b', '--port', '${port}', 'say "x"'];
    assert.equal(shownCommand(argv), 'redis-server --save "" --dir "/a b" --port ${port} "say \\"x\\""');
  });
});
