import assert from 'node:assert/strict';
import type { Failure } from '../../../src/model/failure';
import { failureText, failureWords } from '../../../src/model/failureText';

const late: Failure = { code: 'readyTimeout', message: 'late', logTail: [] };
const taken: Failure = { code: 'portTaken', message: 'taken', logTail: [], portHolder: { port: 3000 } };

describe('a failure in a few words', () => {
  it('says where a backend listened that was not ready in time', () => {
    assert.equal(failureText({ ...late, listensOn: [4000, 4001] }), 'not ready in time, listens on 4000, 4001');
    assert.equal(failureText(late), 'not ready in time');
  });

  it('names who holds the port where several failures are told in one message', () => {
    const holder = { port: 3000, pid: 812, command: 'node server.js' };
    assert.equal(failureWords({ ...taken, portHolder: holder }), 'port 3000 is taken by process 812 (node server.js)');
    assert.equal(failureWords({ ...taken, portHolder: { port: 3000, pid: 812 } }), 'port 3000 is taken by process 812');
    assert.equal(failureWords(taken), 'port 3000 is taken');
    assert.equal(failureWords(late), 'not ready in time');
  });
});
