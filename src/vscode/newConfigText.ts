import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { suggestFromPackageJson, type PackageManager } from '../importers/packageJson';
import { suggestFromProcfile } from '../importers/procfile';
import { renderBackendsFile } from '../importers/renderBackendsFile';
import type { BackendSuggestion } from '../importers/suggestion';
import { readConfigFile } from './configFile';

const lockFiles: readonly (readonly [string, PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** The text of a new `backends.json`: filled from a Procfile or else the package.json scripts of the folder. */
export async function newConfigText(folderPath: string): Promise<string> {
  const fromProcfile = suggestFromProcfile(await textOf(folderPath, 'Procfile'));
  return renderBackendsFile(fromProcfile.length > 0 ? fromProcfile : await fromPackageJson(folderPath));
}

async function fromPackageJson(folderPath: string): Promise<readonly BackendSuggestion[]> {
  const packageManager = await packageManagerOf(folderPath);
  return suggestFromPackageJson(await textOf(folderPath, 'package.json'), packageManager && { packageManager });
}

async function textOf(folderPath: string, name: string): Promise<string> {
  const read = await readConfigFile(path.join(folderPath, name));
  return read.kind === 'text' ? read.text : '';
}

async function packageManagerOf(folderPath: string): Promise<PackageManager | undefined> {
  const names = new Set(await fs.readdir(folderPath).catch((): string[] => []));
  return lockFiles.find(([name]) => names.has(name))?.[1];
}
