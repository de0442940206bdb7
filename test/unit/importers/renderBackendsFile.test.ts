import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBackendsFile } from '../../../src/config/parse';
import { suggestFromPackageJson } from '../../../src/importers/packageJson';
import { suggestFromProcfile } from '../../../src/importers/procfile';
import { renderBackendsFile } from '../../../src/importers/renderBackendsFile';

const context = { folderPath: '/workspace' };

describe('renderBackendsFile', () => {
  it('explains itself with an example when there is nothing to suggest, and the example works', () => {
    const text = renderBackendsFile([]);
    assert.deepEqual(parseBackendsFile(text, context), { backends: [], problems: [] });
    const uncommented = text.replaceAll(/^ {4}\/\/ (?!Nothing)/gm, '    ');
    const { backends, problems } = parseBackendsFile(uncommented, context);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      backends.map(({ name, port }) => [name, port]),
      [['api', 3000]],
    );
  });

  it('writes each suggestion below its comment, ready for more keys', () => {
    const text = renderBackendsFile([
      { name: 'api', comment: 'npm script "dev"', backend: { command: 'npm run dev', port: 3000 }, hint: 'More.' },
    ]);
    const expected = [
      '    // npm script "dev"',
      '    "api": {',
      '      "command": "npm run dev",',
      '      "port": 3000,',
      '      // More.',
      '    },',
    ].join('\n');
    assert.ok(text.includes(expected), text);
  });

  it('offers_a_port_and_a_probe_where_nothing_tells_when_it_is_ready_and_each_of_them_works', () => {
    const text = renderBackendsFile([
      { name: 'worker', comment: 'x', backend: { command: 'npm run worker' } },
      { name: 'migrate', comment: 'x', backend: { command: 'npm run migrate', oneShot: true } },
    ]);
    const offered = text.split('\n').filter((line) => /^ {6}\/\/ "/.test(line));
    assert.equal(offered.length, 2, text);
    for (const line of offered) {
      const { backends, problems } = parseBackendsFile(text.replace(line, line.replace('// "', '"')), context);
      assert.deepEqual(problems, []);
      const [worker] = backends;
      assert.ok(worker?.port === 3000 || worker?.ready.probes.length === 1, line);
    }
  });

  it('leaves out what would be an error in our file', () => {
    const text = renderBackendsFile([
      { name: 'bad', comment: 'x', backend: { command: 'run ${port}' } },
      { name: 'good', comment: 'x', backend: { command: 'run' } },
    ]);
    assert.deepEqual(
      parseBackendsFile(text, context).backends.map(({ name }) => name),
      ['good'],
    );
  });

  const corpus = process.env['LOCAL_BACKENDS_CORPUS'];
  if (corpus !== undefined && existsSync(corpus)) {
    const suggesters = { 'package-json': suggestFromPackageJson, procfile: suggestFromProcfile };
    for (const [kind, suggest] of Object.entries(suggesters)) {
      it(`gives a file without problems for every ${kind} of the corpus`, () => {
        const files = readdirSync(join(corpus, kind), { recursive: true, withFileTypes: true }).filter((e) =>
          e.isFile(),
        );
        assert.ok(files.length > 0);
        for (const { parentPath, name } of files) {
          const suggestions = suggest(readFileSync(join(parentPath, name), 'utf8'));
          const { backends, problems } = parseBackendsFile(renderBackendsFile(suggestions), context);
          assert.deepEqual(problems, [], parentPath);
          assert.equal(backends.length, suggestions.length, parentPath);
        }
      });
    }
  }
});
