/** The operating systems that are told apart; everything else is treated like Linux without its /proc. */
export type OsName = 'linux' | 'macos' | 'windows' | 'other';

/** The one place that reads the name of the operating system. */
export function osName(): OsName {
  switch (process.platform) {
    case 'linux':
      return 'linux';
    case 'darwin':
      return 'macos';
    case 'win32':
      return 'windows';
    default:
      return 'other';
  }
}
