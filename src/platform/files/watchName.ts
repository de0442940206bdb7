import { dirname } from 'node:path';
import { toDisposable, type Disposable } from '../../base/lifecycle';
import { DirectoryWatch } from './directoryWatch';

/**
 * Tells when something of this name comes, goes or changes in its folder. Silent where the folder does not exist or the system
 * has run out of watches: whoever asks looks on a schedule too.
 */
export function watchName(path: string, changed: () => void): Disposable {
  const watching = new DirectoryWatch(dirname(path)).watchFile(path, { changed, lost: () => {} });
  return watching ?? toDisposable(() => {});
}
