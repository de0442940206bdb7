import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { maxConfigBytes, readConfigFile } from '../../../src/vscode/configFile';

describe('readConfigFile', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'config-file-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('reads_text_without_its_byte_order_mark', async () => {
    const file = join(folder, 'a.json');
    await writeFile(file, '\uFEFF{"backends": {}}');
    assert.deepEqual(await readConfigFile(file), { kind: 'text', text: '{"backends": {}}' });
  });

  it('says_missing_for_no_file_and_for_a_folder_that_is_a_file', async () => {
    await writeFile(join(folder, 'file'), '');
    assert.deepEqual(await readConfigFile(join(folder, 'none.json')), { kind: 'missing' });
    assert.deepEqual(await readConfigFile(join(folder, 'file', 'a.json')), { kind: 'missing' });
  });

  it('refuses_what_is_no_regular_file_without_reading_it', async () => {
    const endless = join(folder, 'endless.json');
    await symlink('/dev/zero', endless);
    for (const path of [folder, endless]) assert.equal((await readConfigFile(path)).kind, 'unusable');
  });

  it('refuses_what_is_too_large', async () => {
    const file = join(folder, 'large.json');
    await writeFile(file, ' '.repeat(maxConfigBytes));
    assert.equal((await readConfigFile(file)).kind, 'text');
    await writeFile(file, ' '.repeat(maxConfigBytes + 1));
    assert.equal((await readConfigFile(file)).kind, 'unusable');
  });
});
