// `node test/support/launch.mjs PROGRAM [args]`: compiles sources and tests, then becomes out/test/PROGRAM.js.
// One process, so that a Ctrl-C has one reader.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const build = spawnSync(process.execPath, [fileURLToPath(new URL('esbuild.config.mjs', root)), '--tests'], {
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);
process.setSourceMapsEnabled(true);
const [program] = process.argv.splice(2, 1);
createRequire(import.meta.url)(fileURLToPath(new URL(`out/test/${program}.js`, root)));
