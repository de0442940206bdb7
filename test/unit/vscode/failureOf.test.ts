import assert from 'node:assert/strict';
import { BackendFailure } from '../../../src/protocol/backendFailure';
import { failureOf, withCodeInMessage } from '../../../src/vscode/failureOf';

describe('failureOf', () => {
  it('blames_the_broker_only_for_what_the_protocol_says_of_it', () => {
    assert.equal(failureOf(BackendFailure.of('brokerUnavailable', 'gone')).code, 'brokerUnavailable');
    assert.equal(failureOf(new TypeError('x is undefined')).code, 'spawnFailed');
    assert.equal(failureOf(Object.assign(new Error('denied'), { code: 'EACCES' })).code, 'permissionDenied');
  });

  it('keeps_what_was_thrown_as_the_cause', () => {
    const thrown = new TypeError('x is undefined');
    assert.equal(failureOf(thrown).cause, thrown);
  });
});

describe('withCodeInMessage', () => {
  it('tells_the_code_to_callers_that_get_only_the_message', () => {
    assert.equal(withCodeInMessage(BackendFailure.of('portTaken', 'taken')).message, 'taken [portTaken]');
  });
});
