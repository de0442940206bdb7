import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { parseBackendsFile } from '../../../src/config/parse';
import { suggestFromPackageJson, type PackageManager } from '../../../src/importers/packageJson';
import type { SuggestedBackend } from '../../../src/importers/suggestion';
import { renderBackendsFile } from '../../../src/importers/renderBackendsFile';

function backendsOf(
  json: object,
  packageManager?: PackageManager,
): Readonly<Record<string, SuggestedBackend | undefined>> {
  const suggestions = suggestFromPackageJson(
    JSON.stringify(json),
    packageManager === undefined ? {} : { packageManager },
  );
  return Object.fromEntries(suggestions.map(({ name, backend }) => [name, backend]));
}

describe('suggestFromPackageJson', () => {
  it('prefers dev over start and fixes the port of a server that would move on', () => {
    assert.deepEqual(backendsOf({ scripts: { start: 'vite preview', dev: 'vite', build: 'vite build' } }), {
      web: { command: 'npm run dev -- --port ${port} --strictPort', port: 5173 },
    });
  });

  const ports: readonly (readonly [script: string, port: number | undefined])[] = [
    ['next dev', 3000],
    ['next dev --port 3001', 3001],
    ['next dev -p 3002', 3002],
    ['cross-env PORT=4000 node server.js', 4000],
    ['nuxt dev', 3000],
    ['astro dev', 4321],
    ['ng serve', 4200],
    ['react-scripts start', 3000],
    ['node_modules/.bin/vite', 5173],
    ['remix vite:dev', 5173],
    ['node server.js', undefined],
    ['node server.js --port $PORT', undefined],
    ['node server.js --port 99999', undefined],
  ];
  for (const [script, port] of ports) {
    it(`takes port ${port ?? 'unknown'} from "${script}"`, () => {
      const [suggestion] = suggestFromPackageJson(JSON.stringify({ scripts: { dev: script } }));
      assert.equal(suggestion?.backend.port, port);
    });
  }

  it('passes arguments to the last program of a script only', () => {
    assert.deepEqual(backendsOf({ scripts: { dev: 'vite & node api.js' } }), {
      web: { command: 'npm run dev', port: 5173 },
    });
  });

  it('speaks the dialect of each package manager', () => {
    const scripts = { dev: 'vite' };
    const commandOf = (json: object, manager?: PackageManager): string | undefined =>
      backendsOf(json, manager)['web']?.command;
    assert.equal(commandOf({ scripts }, 'pnpm'), 'pnpm run dev --port ${port} --strictPort');
    assert.equal(commandOf({ scripts }, 'yarn'), 'yarn run dev --port ${port} --strictPort');
    assert.equal(
      commandOf({ scripts, packageManager: 'bun@1.1.0' }, 'yarn'),
      'bun run dev --port ${port} --strictPort',
    );
  });

  it('offers the parts instead of the script that starts them side by side', () => {
    const scripts = {
      dev: 'concurrently "npm:dev:*"',
      'dev:api': 'tsx server.ts',
      'dev:web': 'vite',
      'dev:worker': 'tsx worker.ts',
    };
    assert.deepEqual(backendsOf({ scripts }), {
      api: { command: 'npm run dev:api' },
      web: { command: 'npm run dev:web -- --port ${port} --strictPort', port: 5173 },
      worker: { command: 'npm run dev:worker', restart: 'onFailure' },
    });
  });

  it('does not give one port to two backends, and says so', () => {
    const suggestions = suggestFromPackageJson(
      JSON.stringify({ scripts: { dev: 'next dev', admin: 'next dev admin' } }),
    );
    assert.deepEqual(
      suggestions.map(({ name, backend }) => [name, backend.port]),
      [
        ['web', 3000],
        ['admin', undefined],
      ],
    );
    assert.match(suggestions[1]?.hint ?? '', /^Port 3000 is taken above/);
  });

  it('says where to add the port of a server that chooses it in code', () => {
    const json = { scripts: { dev: 'node server.js' }, dependencies: { express: '5' } };
    const [suggestion] = suggestFromPackageJson(JSON.stringify(json));
    assert.equal(suggestion?.name, 'api');
    assert.match(suggestion.hint ?? '', /Add "port"/);
  });

  it('offers nothing that does its work and exits', () => {
    const scripts = { build: 'tsc', test: 'mocha', lint: 'eslint .', start: 'prisma migrate deploy', serve: 'echo no' };
    assert.deepEqual(backendsOf({ scripts }), {});
  });

  it('offers a watcher when there is nothing else', () => {
    assert.deepEqual(backendsOf({ scripts: { compile: 'tsc -b', watch: 'tsc -b -w' } }), {
      watch: { command: 'npm run watch' },
    });
  });

  it('never throws and never gives a file with an error, whatever the text holds', () => {
    const script = fc.oneof(
      fc.string(),
      fc.constantFrom('vite\u2028*/ {', 'a\nb', 'vite ${port}', '\0', 'x'.repeat(5_000)),
    );
    const name = fc.oneof(fc.string(), fc.constantFrom('dev', 'start', 'api', 'dev:web', '__proto__', 'constructor'));
    const json = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ scripts: fc.dictionary(name, script), dependencies: fc.jsonValue() })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(json, (text) => {
        const rendered = renderBackendsFile(suggestFromPackageJson(text));
        assert.deepEqual(parseBackendsFile(rendered, { folderPath: '/w' }).problems, []);
      }),
      { numRuns: 300 },
    );
  });

  it('reads no more than 1 MiB and offers no more than 12 backends', () => {
    const scripts = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x${i}`, 'node x']));
    const roles = [
      'api',
      'server',
      'backend',
      'web',
      'www',
      'site',
      'app',
      'ui',
      'frontend',
      'client',
      'admin',
      'worker',
      'jobs',
    ];
    const many = { ...scripts, ...Object.fromEntries(roles.map((role) => [role, `node ${role}.js`])) };
    assert.equal(suggestFromPackageJson(JSON.stringify({ scripts: many })).length, 12);
    assert.deepEqual(suggestFromPackageJson(JSON.stringify({ scripts: { dev: 'x'.repeat(1024 * 1024) } })), []);
  });
});
