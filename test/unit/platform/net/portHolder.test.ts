import assert from 'node:assert/strict';
import { answeringListeners } from '../../../../src/platform/net/answeringListeners';
import { PortHolders, type PortOwner } from '../../../../src/platform/net/portHolder';
import type { SocketTable } from '../../../../src/platform/net/socketTable';
import type { Listener } from '../../../../src/platform/net/types';

const on = (address: string, inode: number, port = 3000): Listener => ({ port, address, inode });

/** A table in which inode N belongs to pid N; inodes from 1000 on belong to somebody who may not be seen. */
function tableOf(listeners: readonly Listener[]): SocketTable {
  return {
    trafficBlindness: undefined,
    readListeners: () => Promise.resolve(listeners),
    ownedBy: (pids) => Promise.resolve((listener) => pids.includes(listener.inode)),
    clientPid: () => Promise.resolve(undefined),
    ownersOf: (asked) => Promise.resolve(asked.map(({ inode }) => inode).filter((inode) => inode < 1000)),
    readTraffic: () => Promise.resolve(new Map()),
  };
}

function holdersOf(...listeners: Listener[]): PortHolders {
  return new PortHolders(tableOf(listeners), (pid) => Promise.resolve({ startTime: `t${pid}`, command: `cmd ${pid}` }));
}

describe('answeringListeners', () => {
  const specific = on('127.0.0.1', 1);
  const any = on('0.0.0.0', 2);
  const dual = on('::', 3);

  it('prefers_the_specific_address_over_a_wildcard', () => {
    assert.deepEqual(answeringListeners([dual, any, specific], 3000, '127.0.0.1'), [specific]);
  });

  it('lets_a_dual_stack_wildcard_answer_for_ipv4', () => {
    assert.deepEqual(answeringListeners([dual], 3000, '127.0.0.1'), [dual]);
  });

  it('never_lets_ipv4_answer_for_ipv6', () => {
    assert.deepEqual(answeringListeners([any, specific], 3000, '::1'), []);
  });
});

describe('PortHolders', () => {
  it('knows_our_own_listener', async () => {
    assert.deepEqual(await holdersOf(on('0.0.0.0', 7)).verifyOwner(3000, [7]), { kind: 'ours' });
  });

  it('names_the_stranger_that_answers', async () => {
    assert.deepEqual(await holdersOf(on('127.0.0.1', 9)).verifyOwner(3000, [7]), {
      kind: 'stranger',
      holder: { port: 3000, pid: 9, startTime: 't9', command: 'cmd 9' },
    });
  });

  it('judges_the_listener_of_the_address_that_answered', async () => {
    const holders = holdersOf(on('127.0.0.1', 7), on('::1', 9));
    assert.equal((await holders.verifyOwner(3000, [7], { address: '127.0.0.1' })).kind, 'ours');
    assert.equal((await holders.verifyOwner(3000, [7], { address: '::1' })).kind, 'stranger');
  });

  it('cannot_tell_when_the_owner_may_not_be_seen', async () => {
    assert.deepEqual(await holdersOf(on('0.0.0.0', 1001)).verifyOwner(3000, [7]), { kind: 'unknown' });
  });

  it('cannot_tell_whose_container_is_behind_the_listener_of_an_engine', async () => {
    const named = (command: string): Promise<PortOwner> =>
      new PortHolders(tableOf([on('127.0.0.1', 9)]), () => Promise.resolve({ startTime: '1', command })).verifyOwner(
        3000,
        [7],
      );
    for (const command of [
      '/usr/bin/docker-proxy -proto tcp',
      'rootlesskit --net=slirp4netns',
      '"C:\\a b\\wslrelay.exe" x',
    ])
      assert.deepEqual(await named(command), { kind: 'unknown' }, command);
    for (const command of ['node docker-proxy', '/srv/docker-proxy/run', ''])
      assert.equal((await named(command)).kind, 'stranger', command);
  });

  it('cannot_tell_when_no_listener_is_seen', async () => {
    assert.deepEqual(await holdersOf().verifyOwner(3000, [7]), { kind: 'unknown' });
  });

  it('lists_the_ports_of_our_processes_once_and_in_order', async () => {
    const holders = holdersOf(on('127.0.0.1', 7, 5174), on('::1', 7, 5174), on('::', 8, 80), on('::', 9, 22));
    assert.deepEqual(await holders.listeningPortsOf([7, 8]), [80, 5174]);
  });
});
