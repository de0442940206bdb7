import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { LinuxProcTable } from '../../../src/platform/process/linuxProcTable';
import { isGone } from '../../../src/platform/process/procStat';
import { identityOf, isSame, presenceOf } from '../../../src/platform/process/procTable';
import { sendSignal } from '../../../src/platform/process/signals';
import type { ProcessIdentity } from '../../../src/platform/process/types';
import { useLeakCheck } from '../../support/leakCheck';
import { waitUntil } from '../../support/waitUntil';

describe('sendSignal to real processes', () => {
  const table = new LinuxProcTable();
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
        process.kill(child.pid, 'SIGKILL');
    }
  });
  useLeakCheck();

  const start = (command: string, detached = true): { child: ChildProcess; identity: ProcessIdentity } => {
    const child = spawn('/bin/sh', ['-c', command], { detached, stdio: 'ignore' });
    children.push(child);
    const identity = identityOf(child.pid ?? 0, table);
    assert.ok(identity);
    return { child, identity };
  };

  it('hits the very process', async () => {
    const { child, identity } = start('exec sleep 60');
    assert.equal(sendSignal({ kind: 'process', identity }, 'SIGTERM', table), 'sent');
    assert.deepEqual(await once(child, 'exit'), [null, 'SIGTERM']);
    await waitUntil('it is gone', () => presenceOf(identity, table) === 'gone');
    assert.equal(sendSignal({ kind: 'process', identity }, 'SIGTERM', table), 'gone');
  });

  it('leaves a process alone that has the pid but not the start time', () => {
    const { identity } = start('exec sleep 60');
    const recycled = { ...identity, startTime: String(Number(identity.startTime) - 1) };
    assert.equal(sendSignal({ kind: 'process', identity: recycled }, 'SIGKILL', table), 'notOurs');
    assert.equal(sendSignal({ kind: 'group', identity: recycled }, 'SIGKILL', table), 'notOurs');
    assert.equal(isSame(identity, table), true);
  });

  it('leaves a process alone that was known in another boot or another container', () => {
    const { identity } = start('exec sleep 60');
    for (const other of [{ bootId: 'other' }, { pidNamespace: 'other' }, { bootId: '' }, { startTime: '' }]) {
      assert.equal(sendSignal({ kind: 'process', identity: { ...identity, ...other } }, 'SIGKILL', table), 'notOurs');
    }
    assert.equal(isSame(identity, table), true);
  });

  it('does not pass a signal to the group of a process that leads none', () => {
    const { identity } = start('exec sleep 60', false);
    assert.equal(sendSignal({ kind: 'group', identity }, 'SIGKILL', table), 'notOurs');
    assert.equal(isSame(identity, table), true);
  });

  it('reaches the rest of a group whose leader is gone only through a known member', async () => {
    const { child, identity } = start('sleep 60 & sleep 60 & exit 0');
    await once(child, 'exit');
    await waitUntil('the leader is gone', () => presenceOf(identity, table) === 'gone');
    const members = (await table.stats()).filter((stat) => stat.groupId === identity.pid);
    assert.equal(members.length, 2);
    assert.equal(sendSignal({ kind: 'group', identity }, 'SIGKILL', table), 'gone');
    const strangers = members.map((member) => ({ ...member, startTime: '1' }));
    assert.equal(sendSignal({ kind: 'group', identity, members: strangers }, 'SIGKILL', table), 'gone');
    assert.equal(sendSignal({ kind: 'group', identity, members: members.slice(0, 1) }, 'SIGKILL', table), 'sent');
    await waitUntil('all are gone', async () => {
      const inGroup = (await table.stats()).filter((stat) => stat.groupId === identity.pid);
      return inGroup.every((stat) => isGone(stat.state));
    });
  });
});
