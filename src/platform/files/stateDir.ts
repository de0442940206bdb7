import { createHash } from 'node:crypto';
import { posix, win32 } from 'node:path';
import type { OsName } from '../os';

/** What decides where the state of a user is kept; read once by the composition root. */
export interface StateDirFacts {
  readonly os: OsName;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The value of `LOCAL_BACKENDS_STATE_DIR`. */
  readonly override: string | undefined;
}

/** One directory per user, whatever the flavour of the editor. Absolute; not made here. */
export function stateDirectory({ os, home, env, override }: StateDirFacts): string {
  const path = os === 'windows' ? win32 : posix;
  if (override !== undefined && override !== '') return path.resolve(override);
  switch (os) {
    case 'windows':
      return path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'local-backends');
    case 'macos':
      return path.join(home, 'Library', 'Application Support', 'local-backends');
    default: {
      const base = env['XDG_STATE_HOME'];
      // The specification says that a relative path is to be ignored.
      const usable = base !== undefined && path.isAbsolute(base);
      return path.join(usable ? base : path.join(home, '.local', 'state'), 'local-backends');
    }
  }
}

/** The kernel's `sun_path` holds 104 bytes on some systems, the final NUL included. */
const maxSocketPathBytes = 103;

export interface SocketPlace {
  /** What to listen on and connect to. */
  readonly path: string;
  /** The directory that must be private; undefined for named pipes. */
  readonly directory: string | undefined;
}

/**
 * Where a socket of that state directory is: inside it where the path is short enough, else in a private directory
 * under /tmp whose name every client works out alike.
 */
export function socketPlace(stateDir: string, name: string, os: OsName, uid: number | undefined): SocketPlace {
  const hash = createHash('sha256').update(stateDir).digest('hex').slice(0, 12);
  if (os === 'windows') return { path: `\\\\.\\pipe\\local-backends-${hash}-${name}`, directory: undefined };
  const inside = posix.join(stateDir, name);
  if (Buffer.byteLength(inside) <= maxSocketPathBytes) return { path: inside, directory: stateDir };
  const directory = `/tmp/lb-${uid ?? 0}-${hash}`;
  return { path: posix.join(directory, name), directory };
}
