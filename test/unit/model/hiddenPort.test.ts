import assert from 'node:assert/strict';
import { goesOnElsewhere, mostHiddenPorts, saysInUse, type EndedEarly } from '../../../src/model/hiddenPort';

const port = 21_000;
const inUse = `Error: listen EADDRINUSE: address already in use 127.0.0.1:${port}`;
const facts: EndedEarly = { started: 1, port, heldByStranger: false, said: [] };

describe('a process that ended before it was ready', () => {
  for (const [words, more, expected] of [
    ['a stranger holds its port', { heldByStranger: true }, true],
    ['it said that its port is in use, though it is free again', { said: ['starting', inUse, 'bye'] }, true],
    ['it names another port that is in use', { said: [inUse.replace(String(port), '3000')] }, false],
    ['it names a longer number', { said: [inUse.replace(String(port), `${port}1`)] }, false],
    ['it names its port, but not as one in use', { said: [`listening on ${port}`, 'exit 3'] }, false],
    ['it names no port', { said: ['OSError: [Errno 98] Address already in use'] }, false],
    ['it ended for another reason', { said: ['SyntaxError'] }, false],
    ['it has no gateway', { port: undefined, heldByStranger: true, said: [inUse] }, false],
    ['it is the last try but one', { heldByStranger: true, started: mostHiddenPorts - 1 }, true],
    ['it is the last try', { heldByStranger: true, started: mostHiddenPorts }, false],
  ] as const) {
    it(`${expected ? 'is started again on another port' : 'is not started again'}: ${words}`, () => {
      assert.equal(goesOnElsewhere({ ...facts, ...more }), expected);
    });
  }

  it('says in many ways that a port is in use', () => {
    for (const line of [inUse, 'bind: Address already in use', 'EADDRINUSE']) assert.equal(saysInUse(line), true, line);
    assert.equal(saysInUse('port 3000'), false);
  });
});
