import * as fs from 'node:fs/promises';
import { errorCode, errorMessage } from '../base/errors';

/** Larger files are refused: nobody writes them by hand, and they would be parsed on every save. */
export const maxConfigBytes = 1024 * 1024;

export type ConfigRead =
  | { readonly kind: 'missing' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unusable'; readonly reason: string };

/** Reads a configuration file without ever throwing, blocking on a pipe or reading more than the limit. */
export async function readConfigFile(filePath: string): Promise<ConfigRead> {
  try {
    const stat = await fs.stat(filePath);
    if (!stat.isFile()) return { kind: 'unusable', reason: 'This is not a regular file.' };
    if (stat.size > maxConfigBytes) {
      return {
        kind: 'unusable',
        reason: `This file is larger than ${maxConfigBytes / 1024 / 1024} MiB and is not read.`,
      };
    }
    // An editor hides the byte order mark: places are counted without it.
    return { kind: 'text', text: (await fs.readFile(filePath, 'utf8')).replace(/^\uFEFF/, '') };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'unusable', reason: `This file cannot be read: ${errorMessage(error)}` };
  }
}
