import assert from 'node:assert/strict';
import { portHint } from '../../../src/model/portHint';

describe('a backend that declares no port', () => {
  it('is said to listen on one when it does, with what a declaration would bring', () => {
    assert.match(portHint([5173]) ?? '', /^it listens on 5173; add "port": 5173 to open it/);
    assert.match(
      portHint([9229, 5173]) ?? '',
      /^it listens on 5173, 9229; add the one that is meant as "port" to open/,
    );
  });

  it('has no hint when it listens nowhere', () => assert.equal(portHint([]), undefined));
});
