import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repositoryRoot';
import { runChildGroup } from './runner/childGroup';

const maxBytes = 400 * 1024;
const packageTimeoutMs = 2 * 60_000;

export const vsixPath = join(repositoryRoot, 'dist', 'local-backends.vsix');

export interface Vsix {
  readonly path: string;
  readonly bytes: number;
}

/** Bundles for production and packs what `.vscodeignore` allows. Throws when it is too big or carries native code. */
export async function buildVsix(): Promise<Vsix> {
  mkdirSync(join(repositoryRoot, 'dist'), { recursive: true });
  const files = (await vsce(['ls', '--no-dependencies'])).split('\n');
  const native = files.filter((file) => /\.(node|so|dll|dylib|exe)$/.test(file.trim()));
  if (native.length > 0) throw new Error(`The package would carry native code: ${native.join(', ')}`);
  const quiet = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  await vsce(['package', ...quiet, '--out', vsixPath]);
  const { size } = statSync(vsixPath);
  if (size > maxBytes) throw new Error(`${vsixPath} has ${size} bytes; the limit is ${maxBytes}.`);
  return { path: vsixPath, bytes: size };
}

/** vsce runs `vscode:prepublish`, the production build, before it packs. */
async function vsce(args: readonly string[]): Promise<string> {
  const main = join(repositoryRoot, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = {
    cwd: repositoryRoot,
    env: process.env,
    killAfterMs: packageTimeoutMs,
    output: 'capture' as const,
  };
  const result = await runChildGroup(process.execPath, [main, ...args], options);
  if (result.exitCode !== 0) throw new Error(`vsce ${args[0] ?? ''} failed:\n${result.output}`);
  return result.output;
}
