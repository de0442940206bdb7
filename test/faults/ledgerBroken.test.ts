import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderEntry, type LedgerEntry } from '../../src/broker/ledgerEntry';
import { folderName } from '../../src/broker/ledgerFolders';
import { hostProcTable } from '../../src/platform/process/hostProcTable';
import { identityOf } from '../../src/platform/process/procTable';
import type { ProcessIdentity } from '../../src/platform/process/types';
import { isAlive } from '../support/brokerHarness';
import { idleBackend, useFaultScenario, type FaultScenario } from '../support/faultScenario';
import { waitUntil } from '../support/waitUntil';

describe('faults: the ledger', function () {
  this.timeout(60_000);
  let innocent: ChildProcess | undefined;

  // Before the oracle looks.
  afterEach(() => {
    innocent?.kill('SIGKILL');
    innocent = undefined;
  });

  const scenario = useFaultScenario();

  const marker = 'ab'.repeat(16);

  /** A process that has nothing to do with the product, in a group of its own. */
  const startInnocent = (): ProcessIdentity => {
    innocent = spawn('/bin/sleep', ['100'], { detached: true, stdio: 'ignore' });
    const identity = identityOf(innocent.pid ?? 0, hostProcTable());
    assert.ok(identity !== undefined);
    return identity;
  };

  /** An entry of a broker that is gone, which speaks of this process. */
  const entryOf = (s: FaultScenario, { pid, startTime, bootId, pidNamespace }: ProcessIdentity): LedgerEntry => ({
    marker,
    key: s.broker.key('idle0'),
    machine: { bootId, pidNamespace },
    leader: { pid, startTime },
    stop: { signal: 'SIGTERM', graceMs: 0 },
    launch: { cwd: s.broker.folder, fingerprint: 'f', ownNames: [], logOffset: 0 },
    startedAtMs: 1,
    ready: { atMs: 2, afterMs: 1 },
  });

  const deadFolder = (s: FaultScenario, machine: Partial<ProcessIdentity> = {}): string => {
    const self = identityOf(process.pid, hostProcTable());
    assert.ok(self !== undefined);
    const dead = spawnSync('/bin/true').pid;
    const folder = join(s.broker.stateDir, 'runs', folderName({ ...self, pid: dead, ...machine }, 'broker'));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  };

  const startAndStop = async (s: FaultScenario): Promise<void> => {
    await s.broker.declare({ idle0: idleBackend });
    const { pid } = await s.broker.start('idle0');
    assert.notEqual(pid, innocent?.pid);
    await s.broker.stop('idle0');
  };

  const asideIn = (s: FaultScenario): number => {
    const aside = join(s.broker.stateDir, 'runs', 'quarantine');
    return existsSync(aside) ? readdirSync(aside).length : 0;
  };

  const broken: readonly [string, (path: string, entry: LedgerEntry) => void][] = [
    ['is no JSON', (path) => writeFileSync(path, 'not json')],
    ['is empty', (path) => writeFileSync(path, '')],
    ['was cut short', (path, entry) => writeFileSync(path, renderEntry(entry).slice(0, -20))],
    ['is huge', (path, entry) => writeFileSync(path, `${renderEntry(entry)}${' '.repeat(8 * 1024 * 1024)}`)],
    ['is of a later version', (path, entry) => writeFileSync(path, JSON.stringify({ ...entry, version: 2 }))],
    [
      'speaks of process 1',
      (path, entry) => writeFileSync(path, renderEntry({ ...entry, leader: { pid: 1, startTime: '1' } })),
    ],
    [
      'has a pid that is none',
      (path, entry) => writeFileSync(path, renderEntry({ ...entry, leader: { pid: -1, startTime: '1' } })),
    ],
    [
      'names no signal',
      (path, entry) => writeFileSync(path, renderEntry({ ...entry, stop: { signal: 'KILL; rm', graceMs: 0 } })),
    ],
    [
      'is of another boot',
      (path, entry) => writeFileSync(path, renderEntry({ ...entry, machine: { ...entry.machine, bootId: 'other' } })),
    ],
    [
      'is a link',
      (path, entry) => {
        writeFileSync(`${path}.elsewhere`, renderEntry(entry));
        symlinkSync(`${path}.elsewhere`, path);
      },
    ],
    ['is a FIFO', (path) => void spawnSync('mkfifo', [path])],
    ['is a folder', (path) => mkdirSync(path)],
  ];
  for (const [what, write] of broken) {
    it(`has an entry that ${what}: it is put aside, and nothing is ended for it`, async () => {
      const s = scenario();
      const path = join(deadFolder(s), `${marker}.json`);
      write(path, entryOf(s, startInnocent()));
      await startAndStop(s);
      assert.equal(isAlive(innocent?.pid ?? 0), true);
      assert.ok(asideIn(s) >= 1);
    });
  }

  it('has an entry whose pid belongs to somebody else now: it is forgotten, and nothing is ended for it', async () => {
    const s = scenario();
    const identity = startInnocent();
    const path = join(deadFolder(s), `${marker}.json`);
    writeFileSync(path, renderEntry(entryOf(s, { ...identity, startTime: String(Number(identity.startTime) - 1) })));
    await startAndStop(s);
    assert.equal(isAlive(innocent?.pid ?? 0), true);
    assert.equal(existsSync(path), false);
    assert.equal(asideIn(s), 0);
  });

  it('has a folder of another boot: it is left alone', async () => {
    const s = scenario();
    const identity = startInnocent();
    const path = join(deadFolder(s, { bootId: 'another boot' }), `${marker}.json`);
    writeFileSync(path, renderEntry(entryOf(s, { ...identity, bootId: 'another boot' })));
    await startAndStop(s);
    assert.equal(isAlive(innocent?.pid ?? 0), true);
    assert.equal(existsSync(path), true);
  });

  it('has an entry of another user: it is put aside', async () => {
    const s = scenario();
    const path = join(deadFolder(s), `${marker}.json`);
    writeFileSync(path, renderEntry(entryOf(s, startInnocent())));
    // Only root can give a file away; for others one that is not theirs cannot be in a folder closed to all.
    if (process.getuid?.() === 0) chownSync(path, 65_534, 65_534);
    else writeFileSync(path, '');
    await startAndStop(s);
    assert.equal(isAlive(innocent?.pid ?? 0), true);
    assert.equal(asideIn(s), 1);
  });

  it('cannot be written: backends start, and are ended by the leash at once when the broker is killed', async () => {
    const s = scenario();
    writeFileSync(join(s.broker.stateDir, 'runs'), 'in the way');
    const window = s.broker.window();
    await window.declare({ idle0: idleBackend });
    await window.start('idle0');
    assert.equal(window.told.filter((line) => line.includes('record of running backends could not be')).length, 1);
    window.link.dispose();
    s.leave();
    s.killBroker();
    await s.nothingLeft();
  });

  it('is deleted while backends run: it is written again, and what was started before is ended by the leash', async () => {
    const s = scenario();
    await s.startIdle(1);
    const runs = join(s.broker.stateDir, 'runs');
    await waitUntil('all of it to be written down', () => s.records().some((record) => record.includes('"ready"')));
    spawnSync('rm', ['-rf', runs]);
    await s.broker.declare({ idle0: idleBackend, idle1: idleBackend });
    const { pid: late } = await s.broker.start('idle1');
    const first = s.broker.brokerPid;
    s.killBroker();
    await waitUntil('a new broker', () => s.broker.brokerPid !== first && s.broker.link.state === 'connected');
    assert.equal(s.broker.view('idle1').pid, late);
    await waitUntil(
      'the first to be ended',
      () => s.survivors().filter((line) => line.includes('neverListens')).length === 1,
      15_000,
    );
    assert.equal(isAlive(late ?? 0), true);
  });
});
