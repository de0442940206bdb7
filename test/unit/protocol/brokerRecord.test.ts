import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { useTempDir } from '../../support/tempDir';
import { claimRecord, latestRecord, parseRecord, type BrokerRecord } from '../../../src/protocol/brokerRecord';

describe('broker record', () => {
  const dir = useTempDir();
  const servers: Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  /** A broker whose socket accepts. */
  const alive = async (name: string): Promise<BrokerRecord> => {
    const socketPath = join(dir(), `${name}.sock`);
    const server = createServer((socket) => socket.destroy());
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    return { socketPath, token: `secret of ${name}`, pid: process.pid, buildId: 'b' };
  };
  const dead = (name: string): BrokerRecord => ({
    socketPath: join(dir(), `${name}.sock`),
    token: 't',
    pid: 1,
    buildId: 'b',
  });
  const generations = (): string[] => readdirSync(dir()).filter((name) => /^\d+$/.test(name));

  it('is claimed by exactly one of twenty at the same time', async () => {
    const contenders = await Promise.all(Array.from({ length: 20 }, (_, n) => alive(`b${n}`)));
    const results = await Promise.all(contenders.map((record) => claimRecord(dir(), record)));
    const winners = results.flatMap((result, n) => (result.kind === 'claimed' ? [contenders[n]?.socketPath] : []));
    assert.equal(winners.length, 1);
    const latest = await latestRecord(dir());
    assert.equal(latest?.socketPath, winners[0]);
    for (const result of results) {
      if (result.kind === 'occupied') assert.equal(result.record.socketPath, winners[0], 'losers learn who it is');
    }
    assert.deepEqual(
      readdirSync(dir()).filter((name) => name.endsWith('.tmp')),
      [],
      'nothing temporary is left',
    );
  });

  it('of a broker that is gone is taken over, in the next generation', async () => {
    await claimRecord(dir(), dead('old'));
    const result = await claimRecord(dir(), await alive('new'));
    assert.ok(result.kind === 'claimed');
    assert.equal(result.generation, 2);
    assert.deepEqual(generations(), ['2']);
  });

  it('of a broker that left on purpose counts as none, and its secret is gone', async () => {
    const record = await alive('broker');
    const result = await claimRecord(dir(), record);
    assert.ok(result.kind === 'claimed');
    await result.release();
    assert.equal(await latestRecord(dir()), undefined);
    const next = await claimRecord(dir(), await alive('next'));
    assert.ok(next.kind === 'claimed');
    assert.equal(next.generation, 2);
  });

  it('released late does not hide the one that took over', async () => {
    const first = await claimRecord(dir(), dead('first'));
    const second = await alive('second');
    await claimRecord(dir(), second);
    assert.ok(first.kind === 'claimed');
    await first.release();
    assert.equal((await latestRecord(dir()))?.token, 'secret of second');
  });

  it('is readable by its owner only', async () => {
    await claimRecord(dir(), await alive('broker'));
    assert.equal(statSync(join(dir(), '1')).mode & 0o777, 0o600);
  });

  it('that nobody can understand counts as a dead broker', async () => {
    writeFileSync(join(dir(), '7'), 'no json at all');
    assert.equal(await latestRecord(dir()), undefined);
    const result = await claimRecord(dir(), await alive('broker'));
    assert.equal(result.kind === 'claimed' && result.generation, 8);
  });

  it('is looked for in numbered files only', async () => {
    for (const name of ['0', '01', '1.tmp', '-3', '1e3', '9999999999999999', 'notes'])
      writeFileSync(join(dir(), name), '{}');
    assert.equal(await latestRecord(dir()), undefined);
    const result = await claimRecord(dir(), await alive('broker'));
    assert.equal(result.kind === 'claimed' && result.generation, 1);
  });

  it('is not there in a directory that is not there', async () => {
    assert.equal(await latestRecord(join(dir(), 'nowhere')), undefined);
  });

  it('is parsed from nothing but a whole record', () => {
    const whole = { socketPath: '/s', token: 't', pid: 5, buildId: 'b' };
    assert.deepEqual(parseRecord(JSON.stringify({ ...whole, more: 1 })), whole);
    assert.deepEqual(parseRecord(JSON.stringify({ ...whole, released: true })), { ...whole, released: true });
    assert.deepEqual(parseRecord(JSON.stringify({ ...whole, released: 'yes' })), whole);
    const garbage = ['', '{', 'null', '1', '"text"', '[]', '{}', '\0\0\0', JSON.stringify(whole).slice(0, -1)];
    for (const text of garbage) assert.equal(parseRecord(text), undefined, JSON.stringify(text));
    for (const key of Object.keys(whole)) {
      assert.equal(parseRecord(JSON.stringify({ ...whole, [key]: undefined })), undefined, `without ${key}`);
      assert.equal(parseRecord(JSON.stringify({ ...whole, [key]: { a: 1 } })), undefined, `with a strange ${key}`);
    }
  });
});
