import assert from 'node:assert/strict';
import { wasDoneBefore, type DoneBeforeFacts } from '../../../src/model/doneBefore';

const done: DoneBeforeFacts = {
  byItself: true,
  broughtBefore: true,
  oneShot: true,
  state: 'stopped',
  startedHere: false,
};

describe('a one-shot of the time of an earlier broker', () => {
  it('is not run again only because what depends on it is woken', () => {
    assert.equal(wasDoneBefore(done), true);
  });

  for (const [words, more] of [
    ['a person starts what depends on it', { byItself: false }],
    ['what depends on it was not started with it', { broughtBefore: false }],
    ['it is no one-shot', { oneShot: false }],
    ['it failed', { state: 'failed' }],
    ['it runs', { state: 'starting' }],
    ['it was started since and stopped', { startedHere: true }],
  ] as const) {
    it(`is looked at like any other when ${words}`, () => assert.equal(wasDoneBefore({ ...done, ...more }), false));
  }
});
