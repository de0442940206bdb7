import assert from 'node:assert/strict';
import { CommandSocketTable } from '../../../../src/platform/net/commandSocketTable';
import { listenerCommand, parseLsof, parseNetstat } from '../../../../src/platform/net/listenerCommands';

const lsof = ['p412', 'f12', 'n*:3000', 'f13', 'n*:3000', 'p977', 'f5', 'n127.0.0.1:5432', 'f6', 'n[::1]:5432', ''];
const netstat = [
  '',
  'Aktive Verbindungen',
  '',
  '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
  '  TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN         888',
  '  TCP    127.0.0.1:49700        127.0.0.1:3000         HERGESTELLT     4120',
  '  TCP    [::1]:3000             [::]:0                 ABHÖREN         4120',
  '  UDP    0.0.0.0:500            *:*                                    4004',
];

describe('listenerCommands', () => {
  it('reads_each_listener_of_lsof_once_with_its_process', () => {
    assert.deepEqual(parseLsof(lsof.join('\n')), [
      { port: 3000, address: '::', inode: 0, pid: 412 },
      { port: 5432, address: '127.0.0.1', inode: 0, pid: 977 },
      { port: 5432, address: '::1', inode: 0, pid: 977 },
    ]);
  });

  it('knows_a_listener_of_netstat_by_its_remote_port_in_every_language', () => {
    assert.deepEqual(parseNetstat(netstat.join('\r\n')), [
      { port: 135, address: '0.0.0.0', inode: 0, pid: 888 },
      { port: 3000, address: '::1', inode: 0, pid: 4120 },
    ]);
  });

  it('has_no_command_for_linux_which_has_proc', () => assert.equal(listenerCommand('linux'), undefined));
});

describe('CommandSocketTable', () => {
  const table = new CommandSocketTable(listenerCommand('macos'), () => Promise.resolve(lsof.join('\n')));

  it('tells_own_listeners_from_others_by_their_process', async () => {
    const isOurs = await table.ownedBy([977]);
    const listeners = (await table.readListeners()) ?? [];
    assert.deepEqual(listeners.map(isOurs), [false, true, true]);
    assert.deepEqual(await table.ownersOf(listeners), [412, 977]);
  });

  it('says_that_traffic_is_not_observable_instead_of_none', async () => {
    assert.equal(await table.readTraffic(), undefined);
    assert.match(table.trafficBlindness, /not observable/);
  });

  it('answers_undefined_when_the_command_cannot_be_run', async () => {
    const broken = new CommandSocketTable(listenerCommand('windows'), () => Promise.reject(new Error('no netstat')));
    assert.equal(await broken.readListeners(), undefined);
  });
});
