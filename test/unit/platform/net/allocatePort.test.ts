import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocatePort, managedPorts, portRangeOfThisMachine } from '../../../../src/platform/net/freePort';

describe('allocatePort', () => {
  const range = { first: 100, last: 109 };

  it('finds_the_only_free_port_of_the_range_wherever_it_starts', async () => {
    for (let i = 0; i < 20; i++) assert.equal(await allocatePort(async (port) => port === 104, new Set(), range), 104);
  });

  it('never_gives_out_a_port_that_is_taken_already', async () => {
    const taken = new Set([100, 101, 102, 103, 104, 105, 106, 107, 108]);
    assert.equal(await allocatePort(async () => true, taken, range), 109);
  });

  it('says_so_when_every_port_is_in_use', async () => {
    assert.equal(await allocatePort(async () => false, new Set(), range), undefined);
  });

  it('does_not_start_at_the_same_port_every_time', async () => {
    const found = new Set<number | undefined>();
    for (let i = 0; i < 40; i++) found.add(await allocatePort(async () => true));
    assert.ok(found.size > 1);
  });
});

describe('portRangeOfThisMachine', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'lb-range-'))));
  after(() => rm(folder, { recursive: true }));

  for (const [text, last] of [
    ['32768\t60999\n', 32_767],
    ['30000 65535\n', 29_999],
    ['1024 65535\n', managedPorts.last],
    ['', managedPorts.last],
  ] as const) {
    it(`ends_at ${last} with the ephemeral range ${JSON.stringify(text)}`, async () => {
      const file = join(folder, 'range');
      await writeFile(file, text);
      assert.deepEqual(await portRangeOfThisMachine(file), { first: managedPorts.first, last });
    });
  }

  it('has_a_default_where_there_is_no_such_file', async () => {
    assert.deepEqual(await portRangeOfThisMachine(join(folder, 'missing')), managedPorts);
  });
});
