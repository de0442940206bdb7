import assert from 'node:assert/strict';
import type { ProbeOutcome } from '../../../src/platform/net/types';
import { allProbes } from '../../../src/probes/allProbes';
import type { Probe } from '../../../src/probes/probe';

function probe(describe: string, outcome: ProbeOutcome, heard: unknown[] = []): Probe {
  return {
    describe,
    probe: () => Promise.resolve(outcome),
    feed: (chunk) => heard.push(chunk),
    dispose: () => heard.push('disposed'),
  };
}

const ok = { ok: true, saw: 'HTTP 200' };

describe('allProbes', () => {
  it('holds_only_when_every_probe_holds', async () => {
    const both = allProbes([probe('http /', ok), probe('log "up"', { ok: true, saw: 'found "up"' })]);
    assert.equal(both.describe, 'http / and log "up"');
    assert.deepEqual(await both.probe(100), { ok: true, saw: 'http /: HTTP 200; log "up": found "up"' });
  });

  it('names_what_does_not_hold_and_only_that', async () => {
    const waiting = { ok: false, saw: 'waiting for "up"' };
    const mixed = allProbes([probe('http /', { ...ok, connected: true }), probe('log "up"', waiting)]);
    assert.deepEqual(await mixed.probe(100), { ok: false, saw: 'log "up": waiting for "up"' });
  });

  it('is_connected_when_one_that_does_not_hold_is', async () => {
    const warming = { ok: false, saw: 'HTTP 503', connected: true };
    const mixed = allProbes([probe('http /', warming), probe('log "up"', { ok: true, saw: 'found "up"' })]);
    assert.deepEqual(await mixed.probe(100), { ok: false, saw: 'http /: HTTP 503', connected: true });
  });

  it('passes_on_who_holds_the_port', async () => {
    const holder = { port: 3000, pid: 42 };
    const held = allProbes([probe('log "x"', ok), probe('tcp :3000', { ok: false, saw: 'held', holder })]);
    assert.deepEqual((await held.probe(100)).holder, holder);
  });

  it('feeds_and_disposes_every_probe', () => {
    const heard: unknown[] = [];
    const both = allProbes([probe('a', ok, heard), probe('b', ok, heard)]);
    both.feed('text');
    both.dispose();
    assert.deepEqual(heard, ['text', 'text', 'disposed', 'disposed']);
  });

  it('is_the_probe_itself_when_there_is_one', () => {
    const only = probe('tcp :1', ok);
    assert.equal(allProbes([only]), only);
  });
});
