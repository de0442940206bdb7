import * as path from 'node:path';
import { suggestFromPackageJson } from '../importers/packageJson';
import { renderBackendsFile } from '../importers/renderBackendsFile';
import { readConfigFile } from './configFile';

/** The text of a new `backends.json`: filled from the folder's package.json where there is one. */
export async function packageJsonSuggestions(folderPath: string): Promise<string> {
  const read = await readConfigFile(path.join(folderPath, 'package.json'));
  return renderBackendsFile(read.kind === 'text' ? suggestFromPackageJson(read.text) : []);
}
