import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseBackendsFile } from '../../../src/config/parse';
import { newConfigText } from '../../../src/vscode/newConfigText';

describe('newConfigText', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'new-config-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const commands = async (): Promise<unknown[]> => {
    const { backends, problems } = parseBackendsFile(await newConfigText(folder), { folderPath: folder });
    assert.deepEqual(
      problems.filter(({ severity }) => severity === 'error'),
      [],
    );
    return backends.map(({ command }) => command);
  };

  it('is_valid_in_an_empty_folder', async () => {
    assert.deepEqual(await commands(), []);
  });

  it('runs_package_scripts_with_the_package_manager_of_the_folder', async () => {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { dev: 'vite' } }));
    assert.match(String((await commands())[0]), /^npm run dev/);
    await writeFile(join(folder, 'pnpm-lock.yaml'), '');
    assert.match(String((await commands())[0]), /^pnpm /);
  });

  it('prefers_a_Procfile', async () => {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { dev: 'vite' } }));
    await writeFile(join(folder, 'Procfile'), 'worker: node worker.js\n');
    assert.deepEqual(await commands(), ['node worker.js']);
  });

  it('survives_files_that_make_no_sense', async () => {
    await writeFile(join(folder, 'package.json'), '{"scripts": 3');
    await writeFile(join(folder, 'Procfile'), Buffer.from([0, 255, 10]));
    assert.deepEqual(await commands(), []);
  });
});
