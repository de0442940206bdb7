import { isAbsolute, join, normalize, relative } from 'node:path';

export function absolutePath(folderPath: string, path: string): string {
  return isAbsolute(path) ? normalize(path) : join(folderPath, path);
}

/** Whether an absolute path lies outside of the folder, by its text alone. */
export function leavesFolder(folderPath: string, path: string): boolean {
  const way = relative(folderPath, path);
  return way === '..' || /^\.\.[\\/]/.test(way) || isAbsolute(way);
}
