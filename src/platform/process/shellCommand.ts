import type { SpawnProblemCode } from './types';

/** What is really executed. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly argv0?: string;
  readonly verbatimArguments?: boolean;
}

/** Command text for the system's shell, unchanged. */
export function shellInvocation(text: string, windows: boolean, windowsShell = 'cmd.exe'): Invocation {
  // `/s` makes cmd strip exactly the outer quotes and leave the text between them alone.
  if (windows) return { file: windowsShell, args: ['/d', '/s', '/c', `"${text}"`], verbatimArguments: true };
  return { file: '/bin/sh', args: ['-c', text] };
}

/**
 * What a shell says with its exit status about a command it could not run. Only for commands given as text:
 * a program of its own may mean anything by 126 or 127.
 */
export function explainShellExit(exitCode: number | undefined): { readonly code: SpawnProblemCode } | undefined {
  if (exitCode === 127) return { code: 'commandNotFound' };
  if (exitCode === 126) return { code: 'notExecutable' };
  return undefined;
}
