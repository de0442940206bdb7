import assert from 'node:assert/strict';
import { asleepEntry, maxEntryBytes, parseEntry, renderEntry, type LedgerEntry } from '../../../src/broker/ledgerEntry';

const marker = 'ab'.repeat(16);
const entry: LedgerEntry = {
  marker,
  key: '/work#api',
  machine: { bootId: 'boot', pidNamespace: 'pid:[1]' },
  leader: { pid: 4711, startTime: '99' },
  stop: { signal: 'SIGTERM', graceMs: 5_000, keep: ['GradleDaemon'] },
  launch: {
    cwd: '/work',
    realCwd: '/real',
    fingerprint: 'f',
    whatRuns: 'w',
    ownNames: ['PORT'],
    port: 3_000,
    logOffset: 7,
  },
  group: `/sys/fs/cgroup/local-backends-${marker}`,
  startedAtMs: 1,
  ready: { atMs: 2, afterMs: 1, port: 3_001 },
  ending: { to: 'quiesced', signalled: true },
  keepAwake: 'forever',
};

describe('an entry of the ledger', () => {
  it('is_read_as_it_was_written', () => {
    assert.deepEqual(parseEntry(renderEntry(entry), marker), { version: 1, ...entry });
    const bare = {
      marker,
      key: entry.key,
      machine: entry.machine,
      stop: entry.stop,
      launch: entry.launch,
      startedAtMs: 1,
    };
    assert.deepEqual(parseEntry(renderEntry(bare), marker), { version: 1, ...bare });
  });

  it('of_one_that_sleeps_names_no_process_and_no_end', () => {
    const asleep = asleepEntry(entry, 9);
    assert.deepEqual([asleep.leader, asleep.ending, asleep.asleep], [undefined, undefined, { atMs: 9 }]);
    assert.deepEqual(parseEntry(renderEntry(asleep), marker)?.launch, entry.launch);
  });

  it('is_nothing_when_it_is_not_exactly_one', () => {
    const wrong: readonly object[] = [
      { version: 2 },
      { marker: 'cd'.repeat(16) },
      { key: 'no backend' },
      { machine: { bootId: '', pidNamespace: 'x' } },
      { leader: { pid: 1, startTime: '1' } },
      { leader: { pid: 2.5, startTime: '1' } },
      { leader: { pid: 50, startTime: '' } },
      { stop: { signal: 'TERM', graceMs: 0 } },
      { stop: { signal: 'SIGTERM', graceMs: -1 } },
      { stop: { signal: 'SIGTERM', graceMs: 600_001 } },
      { stop: { signal: 'SIGTERM', graceMs: 0, keep: [1] } },
      { launch: { ...entry.launch, port: 65_536 } },
      { launch: { ...entry.launch, cwd: '' } },
      { launch: { ...entry.launch, realCwd: 5 } },
      { launch: { ...entry.launch, ownNames: 'PORT' } },
      { group: '/sys/fs/cgroup' },
      { group: `/sys/fs/cgroup/local-backends-${'cd'.repeat(16)}` },
      { group: `local-backends-${marker}` },
      { group: `/sys/fs/c group/local-backends-${marker}` },
      { startedAtMs: '1' },
      { ready: { atMs: 1 } },
      { ending: true },
      { ending: { to: 'failed' } },
      { ending: { to: 'stopped', signalled: false } },
      { asleep: true },
      { keepAwake: -1 },
      { keepAwake: 'never' },
    ];
    for (const part of wrong) {
      const text = JSON.stringify({ version: 1, ...entry, ...part });
      assert.equal(parseEntry(text, marker), undefined, JSON.stringify(part));
    }
    for (const text of ['', 'null', '[]', '7', '{', renderEntry(entry).slice(0, -1)]) {
      assert.equal(parseEntry(text, marker), undefined, text);
    }
    assert.equal(parseEntry(renderEntry(entry), 'ef'.repeat(16)), undefined, 'of another file');
  });

  it('is_not_looked_at_when_it_is_too_large', () => {
    const padded = (bytes: number): string => renderEntry(entry).padEnd(bytes, ' ');
    assert.notEqual(parseEntry(padded(maxEntryBytes), marker), undefined);
    assert.equal(parseEntry(padded(maxEntryBytes + 1), marker), undefined);
  });
});
