// Builds what ships (dist/) and what is tested (out/).
//   node esbuild.config.mjs                development bundles with source maps
//   node esbuild.config.mjs --watch        the same, again on every change
//   node esbuild.config.mjs --production   minified, without source maps
//   node esbuild.config.mjs --tests        sources and tests, file by file
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
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
 * esbuild asks for an external module in each file that imports it, and copies the whole of it, in case somebody reads
 * its `default`: with `vscode` in thirty files that alone took a third of the activation. Nobody does, so take them as
 * they are, and ask once: the editor looks at each request, for `vscode` folder by folder. What `import()` asks for waits.
 */
const sharedExternals = {
  name: 'shared-externals',
  setup(bundling) {
    const copied = /(?<![\w$.])[\w$]+\((require\("(?:node:[\w/]+|vscode)"\))\)/g;
    const assigned = /(?<==\s*)require\("((?:node:[\w/]+|vscode))"\)/g;
    bundling.onEnd(({ outputFiles = [] }) => {
      for (const { path, text } of outputFiles) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, path.endsWith('.js') ? shareRequests(text.replace(copied, '$1'), assigned) : text);
      }
    });
  },
};

function shareRequests(code, requests) {
  const names = new Map();
  const shared = code.replace(requests, (_, module) => {
    if (!names.has(module)) names.set(module, `shared$${module.replace(/\W/g, '$')}`);
    return names.get(module);
  });
  const asked = [...names].map(([module, name]) => `${name}=require("${module}")`);
  return asked.length === 0 ? code : `"use strict";const ${asked.join(',')};${shared}`;
}

const bundles = {
  ...shared,
  outdir: 'dist',
  bundle: true,
  external: ['vscode'],
  // The UMD builds that some packages name as `main` hide their imports from a bundler.
  mainFields: ['module', 'main'],
  minify: production,
  legalComments: 'none',
  sourcemap: production ? false : 'linked',
  write: false,
  plugins: [sharedExternals],
};

const broker = { ...bundles, entryPoints: [{ in: 'src/broker/brokerMain.ts', out: 'broker' }] };

/**
 * What runs in the window: one file with what every window needs, and one for each `import()`, read when that is
 * reached. esbuild cuts only ES modules, and into more pieces than that; `joinPieces` makes these files of them.
 */
const extension = {
  ...bundles,
  entryPoints: [{ in: 'src/extension.ts', out: 'extension' }],
  format: 'esm',
  splitting: true,
  metafile: true,
  supported: {},
  minify: false,
  sourcemap: production ? false : 'inline',
  plugins: [{ name: 'join-pieces', setup: (cutting) => cutting.onEnd(joinPieces) }],
};

async function joinPieces({ metafile, outputFiles = [] }) {
  if (metafile === undefined) return;
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const pieces = new Map(Object.entries(metafile.outputs).map(([path, piece]) => [basename(path), piece]));
  const reachedFrom = (name, found = new Set()) => {
    if (found.has(name)) return found;
    found.add(name);
    for (const { path, kind } of pieces.get(name).imports) {
      if (kind === 'import-statement' && pieces.has(basename(path))) reachedFrom(basename(path), found);
    }
    return found;
  };
  const main = 'extension.js';
  const always = reachedFrom(main);
  const idOf = (name) => `piece_${[...always].indexOf(name)}`;
  /** `rpc.js` for the piece that begins with `src/protocol/rpc.ts`. */
  const fileOf = (name) => basename(pieces.get(name).entryPoint).replace(/\.ts$/, '.js');
  const later = [...pieces.keys()].filter((name) => name !== main && pieces.get(name).entryPoint !== undefined);
  const joined = (name, contents, isElsewhere) => {
    const fromPieces = {
      name: 'from-pieces',
      setup(joining) {
        joining.onResolve({ filter: /^\.\// }, ({ path, kind, namespace }) => {
          const piece = basename(path);
          if (namespace === 'elsewhere') return { path, external: true };
          if (kind === 'dynamic-import') return { path: `./${fileOf(piece)}`, external: true };
          return { path: piece, namespace: isElsewhere(piece) ? 'elsewhere' : 'piece' };
        });
        joining.onLoad({ filter: /./, namespace: 'piece' }, ({ path }) => ({
          contents: texts.get(path),
          resolveDir: join(root, 'dist'),
        }));
        joining.onLoad({ filter: /./, namespace: 'elsewhere' }, ({ path }) => ({
          contents: `module.exports = require('./${main}').${idOf(path)};`,
        }));
      },
    };
    const stdin = { contents, resolveDir: join(root, 'dist'), sourcefile: name };
    return build({
      ...bundles,
      stdin,
      outdir: undefined,
      outfile: `dist/${name}`,
      banner: { js: '"use strict";' },
      plugins: [fromPieces, sharedExternals],
    });
  };
  const owners = new Map();
  for (const entry of later) {
    for (const piece of reachedFrom(entry)) {
      if (always.has(piece)) continue;
      if (owners.has(piece))
        throw new Error(`${fileOf(owners.get(piece))} and ${fileOf(entry)} share code that no window needs at once`);
      owners.set(piece, entry);
    }
  }
  const shares = [...always].filter((name) => name !== main);
  const exported = shares.map((name) => `export * as ${idOf(name)} from './${name}';`);
  await joined(main, [`export * from './${main}';`, ...exported].join('\n'), () => false);
  for (const entry of later) await joined(fileOf(entry), `export * from './${entry}';`, (piece) => always.has(piece));
}

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
  if (flags.has('--watch')) {
    for (const bundle of [extension, broker]) await (await context({ ...bundle, logLevel: 'info' })).watch();
    return;
  }
  if (production) for (const file of filesUnder('dist', '.map')) rmSync(join(root, file));
  await Promise.all([build(extension), build(broker)]);
}

main().catch((error) => {
  // What esbuild found it has printed already.
  if (error.errors === undefined) console.error(error);
  process.exitCode = 1;
});
