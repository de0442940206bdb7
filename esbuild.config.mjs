// Builds what ships (dist/) and what is tested (out/).
//   node esbuild.config.mjs                development bundles with source maps
//   node esbuild.config.mjs --watch        the same, again on every change
//   node esbuild.config.mjs --production   minified, without source maps
//   node esbuild.config.mjs --tests        sources and tests, file by file
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');

/** Programs and workspaces of the fixtures are run as they are, never compiled. */
const uncompiled = [join('test', 'fixtures', 'programs'), join('test', 'fixtures', 'workspaces')];

function filesUnder(folder, extension) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter(
      (file) => !uncompiled.some((skipped) => file.startsWith(skipped + sep)) && !file.includes(`node_modules${sep}`),
    )
    .sort();
}

/** Tells two builds apart in the handshake between window and broker: the same sources give the same id. */
function buildId() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', ...filesUnder('src', '.ts')]) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

const shared = {
  absWorkingDir: root,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  // `import()` becomes a require that is carried out when it is reached: what is imported so is not run at start.
  supported: { 'dynamic-import': false },
  define: { __BUILD_ID__: JSON.stringify(buildId()) },
};

/**
 * esbuild copies the whole of every external module for each file that imports it, in case somebody reads its
 * `default`: with `vscode` in thirty files that alone took a third of the activation. Nobody does, so take them as they are.
 */
const uncopiedExternals = {
  name: 'uncopied-externals',
  setup(bundling) {
    const copied = /(?<![\w$.])[\w$]+\((require\("(?:node:[\w/]+|vscode)"\))\)/g;
    bundling.onEnd(({ outputFiles = [] }) => {
      for (const { path, text } of outputFiles) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, path.endsWith('.js') ? text.replace(copied, '$1') : text);
      }
    });
  },
};

const entries = [
  { in: 'src/extension.ts', out: 'extension' },
  { in: 'src/broker/brokerMain.ts', out: 'broker' },
].filter((entry) => existsSync(join(root, entry.in)));

const bundles = {
  ...shared,
  entryPoints: entries,
  outdir: 'dist',
  bundle: true,
  external: ['vscode'],
  // The UMD builds that some packages name as `main` hide their imports from a bundler.
  mainFields: ['module', 'main'],
  minify: production,
  legalComments: 'none',
  sourcemap: production ? false : 'linked',
  write: false,
  plugins: [uncopiedExternals],
};

async function buildTests() {
  const sources = ['src', 'test', 'bench'].flatMap((folder) => filesUnder(folder, '.ts'));
  await build({ ...shared, entryPoints: sources, outdir: 'out', outbase: '.', sourcemap: 'linked' });
  // A test whose source was removed must not run on.
  const expected = new Set(sources.map((file) => join('out', file.replace(/\.ts$/, '.js'))));
  for (const file of filesUnder('out', '.js')) {
    if (!expected.has(file)) for (const stale of [file, `${file}.map`]) rmSync(join(root, stale), { force: true });
  }
}

async function main() {
  if (flags.has('--tests')) return await buildTests();
  if (flags.has('--watch')) return await (await context({ ...bundles, logLevel: 'info' })).watch();
  if (production) for (const file of filesUnder('dist', '.map')) rmSync(join(root, file));
  await build(bundles);
}

main().catch((error) => {
  // What esbuild found it has printed already.
  if (error.errors === undefined) console.error(error);
  process.exitCode = 1;
});
