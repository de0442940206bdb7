import assert from 'node:assert/strict';
import { createProbe } from '../../../src/probes/createProbe';
import type { Probe } from '../../../src/probes/probe';
import { probeContext } from './fakes';

describe('log probe with plain text', () => {
  let evidence = 0;
  const create = (pattern: string): Probe =>
    createProbe({ kind: 'log', pattern }, probeContext({ onEvidence: () => evidence++ }));
  beforeEach(() => (evidence = 0));

  it('waits_until_the_text_was_printed_and_says_for_what', async () => {
    const probe = create('listening');
    probe.feed('starting up\n');
    assert.deepEqual(await probe.probe(100), { ok: false, saw: 'waiting for "listening"' });
    probe.feed('server listening on 3000\n');
    assert.deepEqual(await probe.probe(100), { ok: true, saw: 'found "listening"' });
  });

  it('finds_a_text_that_is_torn_over_chunks_and_coloured', async () => {
    const probe = create('ready in');
    for (const chunk of ['\x1b[3', '2mrea', 'dy\x1b[', '0m i', 'n 300 ms']) probe.feed(chunk);
    assert.equal((await probe.probe(100)).ok, true);
  });

  it('finds_a_text_whose_characters_are_torn_over_chunks_of_bytes', async () => {
    const probe = create('bereit für');
    for (const byte of Buffer.from('Server bereit für Anfragen')) probe.feed(Uint8Array.of(byte));
    assert.equal((await probe.probe(100)).ok, true);
  });

  it('does_not_find_a_text_over_a_line_end', async () => {
    const probe = create('ready');
    probe.feed('rea\ndy');
    assert.equal((await probe.probe(100)).ok, false);
  });

  it('tells_once_that_it_was_found_and_stays_satisfied', async () => {
    const probe = create('ready');
    probe.feed('ready\n');
    probe.feed('ready\n');
    probe.feed('stopping\n');
    assert.equal(evidence, 1);
    assert.equal((await probe.probe(100)).ok, true);
  });
});
