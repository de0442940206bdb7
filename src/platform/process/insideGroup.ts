/** A program that is inside of a control group before its first instruction: a shell enters, and becomes it. */
import { closeSync, openSync, readSync } from 'node:fs';
import { doorOf } from './controlGroup';
import type { Invocation } from './shellCommand';
import { SpawnFailure } from './spawnProblem';

export interface Prepared extends Invocation {
  readonly env: Readonly<Record<string, string>>;
}

/** Shells hand these on though nobody gave them. */
const addedByShells = ['PWD', 'OLDPWD', 'SHLVL', '_'];
/** And these with another value than they got. */
const changedByShells: ReadonlySet<string> = new Set([
  ...addedByShells,
  ...['IFS', 'OPTIND', 'LINENO', 'PPID', 'UID', 'EUID', 'RANDOM', 'SECONDS', 'BASH', 'BASH_VERSION'],
]);

/** Only the process itself can be sure to be inside before it starts another; `exec` keeps it there. */
const enter = 'echo $$ >"$0" || { echo "Local Backends: the control group $0 cannot be entered" >&2; exit 125; }; exec';

/**
 * The same arguments and environment as without. What a shell would drop (a name like `spring.datasource.url`) or change
 * gets past it under another name, and is in an argument of `env`, which others can read, for the moment until that has
 * become the program; all else never is.
 */
export function insideGroup(invocation: Invocation, env: Prepared['env'], group: string): Prepared {
  const program = programFor(invocation, env);
  const asIs: Record<string, string> = {};
  const assignments: string[] = [];
  const aliases: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (/^[A-Za-z_]\w*$/.test(name) && !changedByShells.has(name)) {
      asIs[name] = value;
      continue;
    }
    const alias = `LOCAL_BACKENDS_PASSED_${assignments.length}`;
    aliases[alias] = value;
    assignments.push(`${quoted(`${name}=`)}"$${alias}"`);
  }
  const unset = [...addedByShells, ...Object.keys(aliases)].map((name) => `-u ${name}`);
  const script = [enter, '/usr/bin/env', ...unset, '--', ...assignments, '"$@"'].join(' ');
  const args = ['-c', script, doorOf(group), program, ...invocation.args];
  return { file: '/bin/sh', args, env: { ...asIs, ...aliases } };
}

/** As it was written, where that leads to the same file: the program sees that name. A script sees the path instead. */
function programFor({ file, argv0 = file }: Invocation, env: Prepared['env']): string {
  if (file.includes('=')) {
    throw new SpawnFailure({
      code: 'spawnFailed',
      message: `With "stop.strict" a program cannot be started whose path has a "=" in it: ${file}`,
      hint: 'Write "command" as one text, for the shell.',
    });
  }
  if (argv0.startsWith('-')) return file;
  if (argv0.includes('/')) return isScript(file) ? file : argv0;
  return env['PATH'] === undefined ? file : argv0;
}

function isScript(file: string): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(file, 'r');
    const first = Buffer.alloc(2);
    readSync(fd, first, 0, 2, 0);
    return first.toString('latin1') === '#!';
  } catch {
    return false;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
