import { win32 } from 'node:path';
import type { Invocation } from './shellCommand';

const defaultExtensions = '.COM;.EXE;.BAT;.CMD';

/** The file names under which Windows looks for a command, in its order. */
export function windowsCandidates(command: string, pathExtensions: string | undefined): string[] {
  const extensions = (pathExtensions ?? defaultExtensions).split(';').filter((extension) => extension !== '');
  const withExtension = extensions.map((extension) => command + extension.toLowerCase());
  return win32.extname(command) === '' ? withExtension : [command, ...withExtension];
}

/**
 * Runs a resolved file. Batch files have no argv: they are run by cmd, and every character that cmd would
 * act on is escaped, twice, because the batch file's own `%*` is parsed once more.
 */
export function windowsInvocation(file: string, args: readonly string[], shell = 'cmd.exe'): Invocation {
  if (!/\.(?:bat|cmd)$/i.test(file)) return { file, args };
  const line = [escapeForCmd(`"${file}"`), ...args.map((arg) => escapeForCmd(escapeForCmd(quoteArgument(arg))))].join(
    ' ',
  );
  return { file: shell, args: ['/d', '/s', '/c', `"${line}"`], verbatimArguments: true };
}

/** Quotes one argument as the C runtime of Windows reads it: backslashes count only before a quote. */
export function quoteArgument(arg: string): string {
  return `"${arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

function escapeForCmd(text: string): string {
  return text.replace(/[()%!^"<>&|;, *?[\]]/g, '^$&');
}
