import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { repositoryRoot } from '../../test/support/repositoryRoot';
import { runChildGroup } from '../../test/support/runner/childGroup';

const packageTimeoutMs = 60_000;
const publisher = 'local-backends-bench';

export interface FixtureExtension {
  /** Name, and source below `bench` as `<name>Extension.ts`. */
  readonly name: 'probe' | 'empty';
  readonly activationEvents: readonly string[];
}

export function fixtureId({ name }: Pick<FixtureExtension, 'name'>): string {
  return `${publisher}.${name}`;
}

/** Bundles and packs one of our two helpers like the extension itself; answers the path of the VSIX. */
export async function packFixtureExtension(extension: FixtureExtension, scratch: string): Promise<string> {
  const folder = join(scratch, `extension-${extension.name}`);
  mkdirSync(folder);
  await build({
    entryPoints: [join(repositoryRoot, 'bench', `${extension.name}Extension.ts`)],
    outfile: join(folder, 'extension.js'),
    ...{ platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' },
    ...{ bundle: true, external: ['vscode'], mainFields: ['module', 'main'], minify: true, keepNames: true },
  });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifestOf(extension)));
  const vsix = join(scratch, `${extension.name}.vsix`);
  await vscePackage(folder, vsix);
  return vsix;
}

function manifestOf({ name, activationEvents }: FixtureExtension): object {
  const about = { name, publisher, version: '0.0.0', engines: { vscode: '^1.101.0' }, license: 'MIT' };
  return { ...about, main: './extension.js', extensionKind: ['workspace'], activationEvents };
}

async function vscePackage(folder: string, vsix: string): Promise<void> {
  const vsce = join(repositoryRoot, 'node_modules', '@vscode', 'vsce', 'vsce');
  const quiet = ['--no-dependencies', '--allow-missing-repository', '--skip-license'];
  const options = { cwd: folder, env: process.env, killAfterMs: packageTimeoutMs, output: 'capture' as const };
  const result = await runChildGroup(process.execPath, [vsce, 'package', ...quiet, '--out', vsix], options);
  if (result.exitCode !== 0) throw new Error(`A helper of the measurement could not be packed:\n${result.output}`);
}
