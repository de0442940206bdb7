import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allocatePort, isPortFree } from '../../../src/platform/net/freePort';

function configFile(folder: string): string {
  return join(folder, '.vscode', 'backends.json');
}

export function readConfig(folder: string): string {
  return readFileSync(configFile(folder), 'utf8');
}

export function writeConfig(folder: string, text: string): void {
  writeFileSync(configFile(folder), text);
}

/** Replaces one piece of the file; throws when it is not there, so that no test relies on a change that was not made. */
export function changeConfig(folder: string, from: string, to: string): void {
  const text = readConfig(folder);
  if (!text.includes(from)) throw new Error(`backends.json does not contain ${from}`);
  writeConfig(folder, text.replace(from, to));
}

/** Gives every backend a port that is free now: the ports of the fixture may be in use by another session. */
export async function giveFreePorts(folder: string): Promise<void> {
  let text = readConfig(folder);
  const taken = new Set<number>();
  for (const [entry] of text.matchAll(/"port": \d+/g)) {
    const port = await allocatePort((candidate) => isPortFree(candidate), taken);
    if (port === undefined) throw new Error('no free port');
    taken.add(port);
    text = text.replace(entry, `"port": ${port}`);
  }
  writeConfig(folder, text);
}
