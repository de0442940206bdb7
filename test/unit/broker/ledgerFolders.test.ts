import assert from 'node:assert/strict';
import { folderName, machineToken, parseFolderName } from '../../../src/broker/ledgerFolders';

const self = { pid: 4711, startTime: 'Mon Nov  9 10:11:12 2026', bootId: 'boot', pidNamespace: 'pid:[1]' };

describe('folders of the ledger', () => {
  it('say_in_their_names_whose_they_are', () => {
    for (const what of ['broker', 'window'] as const) {
      const name = folderName(self, what);
      const machine = machineToken(self);
      assert.deepEqual(parseFolderName(name), { machine, pid: 4711, start: 'Mon_Nov_9_10-11-12_2026', what });
      assert.match(name, /^[\w.-]+$/);
      assert.notEqual(folderName(self, what), name, 'one that no other has');
    }
  });

  it('differ_between_boots_and_containers', () => {
    const tokens = [self, { ...self, bootId: 'other' }, { ...self, pidNamespace: 'pid:[2]' }].map(machineToken);
    assert.equal(new Set(tokens).size, 3);
    assert.equal(machineToken({ bootId: 'boot', pidNamespace: 'pid:[1]' }), tokens[0], 'whoever asks');
  });

  it('of_a_leash_are_named_without_chance', () => {
    const machine = machineToken(self);
    assert.deepEqual(parseFolderName(`${machine}.12.99.leash`), { machine, pid: 12, start: '99', what: 'leash' });
  });

  it('are_nothing_else', () => {
    const machine = machineToken(self);
    for (const name of [
      '',
      'quarantine',
      `${machine}.12.99`,
      `${machine}.12.99.other`,
      `${machine}.x.99.broker`,
      `${machine}.12..broker`,
      `${machine}.12.99.broker-xyz`,
      `x${machine}.12.99.broker`,
      `${machine}.12.99.broker-0123abcd.tmp`,
    ]) {
      assert.equal(parseFolderName(name), undefined, name);
    }
  });
});
