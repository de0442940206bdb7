import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repositoryRoot';
import { readText } from './markdown';

const manifest = JSON.parse(readText('package.json')) as Readonly<Record<string, unknown>>;
const allowed = readText('.vscodeignore')
  .split('\n')
  .filter((line) => line.trim() !== '');

/** Everything that may be in the package; a further file is added here on purpose, or does not ship. */
const shipped =
  /^media\/(backends(\.editor)?\.schema\.json|[\w-]+\.(svg|png|css)|walkthrough\/[\w-]+\.(md|svg|png)|readme\/[\w-]+\.png)$/;

describe('the package', () => {
  it('holds_what_is_listed_and_nothing_else', () => {
    assert.equal(allowed[0], '**', 'everything is left out but what follows');
    assert.deepEqual(
      allowed.slice(1).filter((line) => !line.startsWith('!')),
      [],
    );
    assert.deepEqual(
      allowed.filter((line) => /node_modules|src|test|\*\*\/\*$|^!\*/.test(line)),
      [],
    );
    const media = readdirSync(join(repositoryRoot, 'media'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(repositoryRoot.length + 1));
    assert.deepEqual(
      media.filter((file) => !shipped.test(file)),
      [],
    );
  });

  it('has_each_part_of_the_code_that_is_loaded_when_it_is_needed', () => {
    const sources = readdirSync(join(repositoryRoot, 'src'), { recursive: true, encoding: 'utf8' });
    const texts = sources.filter((file) => file.endsWith('.ts')).map((file) => readText(join('src', file)));
    const later = texts.flatMap((text) =>
      [...text.matchAll(/\bimport\('\.[^']*?([\w-]+)'\)/g)].map(([, name]) => name),
    );
    assert.ok(later.length > 0);
    assert.deepEqual(
      allowed.filter((line) => /^!dist\/[^*]*$/.test(line)).sort(),
      [...new Set(['extension', 'broker', ...later])].map((name) => `!dist/${name}.js`).sort(),
    );
  });

  it('brings_nothing_from_elsewhere_and_runs_nothing_when_it_is_installed', () => {
    for (const key of [
      'dependencies',
      'optionalDependencies',
      'bundledDependencies',
      'extensionPack',
      'extensionDependencies',
    ])
      assert.equal(manifest[key], undefined, key);
    const scripts = Object.keys(manifest['scripts'] as object);
    assert.deepEqual(
      scripts.filter((name) => /install|prepare|vscode:uninstall/.test(name)),
      [],
    );
  });

  it('has_no_page_of_its_own_that_could_run_a_script', () => {
    const sources = readdirSync(join(repositoryRoot, 'src'), { recursive: true, encoding: 'utf8' });
    const texts = sources.filter((file) => file.endsWith('.ts')).map((file) => readText(join('src', file)));
    assert.ok(texts.length > 100);
    for (const maker of [
      'createWebviewPanel',
      'registerWebviewViewProvider',
      'registerUriHandler',
      'supportHtml = true',
    ])
      assert.deepEqual(
        texts.filter((text) => text.includes(maker)),
        [],
        maker,
      );
  });
});
