import { access, constants, open, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { errorCode } from '../../base/errors';
import { variable } from './environment';
import { parseShebang } from './shebang';
import { SpawnFailure } from './spawnProblem';
import { windowsCandidates } from './windowsCommand';

export interface Lookup {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly windows: boolean;
}

/** What `execvp` searches when the environment has no PATH. */
const defaultPath = '/usr/bin:/bin';

/**
 * Finds the file that would be executed, in the environment and directory of the process to be, and makes sure
 * that it can be. Throws `SpawnFailure`.
 */
export async function resolveCommand(program: string, lookup: Lookup): Promise<string> {
  if (program === '') throw notFound('The command is empty.', 'Name a program.');
  const written = /[/\\]/.test(lookup.windows ? program : program.replaceAll('\\', ''));
  const file = written ? await atPath(program, lookup) : await onPath(program, lookup);
  if (!lookup.windows) await checkInterpreter(program, file, lookup);
  return file;
}

async function atPath(program: string, lookup: Lookup): Promise<string> {
  const path = resolve(lookup.cwd, program);
  let found: Look = 'missing';
  for (const candidate of candidates(path, lookup)) {
    const look = await lookAt(candidate, lookup);
    if (look === 'program') return candidate;
    if (found === 'missing') found = look;
  }
  throw refusal(found, program, path);
}

async function onPath(program: string, lookup: Lookup): Promise<string> {
  const path = variable(lookup.env, 'PATH', lookup.windows) ?? (lookup.windows ? '' : defaultPath);
  let unusable: { readonly look: Look; readonly path: string } | undefined;
  for (const entry of path.split(delimiter)) {
    // An empty entry means the current directory, a relative one starts there.
    const folder = isAbsolute(entry) ? entry : resolve(lookup.cwd, entry);
    for (const candidate of candidates(join(folder, program), lookup)) {
      const look = await lookAt(candidate, lookup);
      if (look === 'program') return candidate;
      if (look === 'notExecutable') unusable ??= { look, path: candidate };
    }
  }
  if (unusable) throw refusal(unusable.look, program, unusable.path);
  throw notFound(
    `Command not found: ${program}`,
    'It is not on the PATH of this environment. Is it installed, and does `PATH` in `env` or `envFile` leave it out?',
  );
}

function candidates(path: string, lookup: Lookup): string[] {
  return lookup.windows ? windowsCandidates(path, variable(lookup.env, 'PATHEXT', true)) : [path];
}

type Look = 'program' | 'missing' | 'directory' | 'notExecutable' | 'notPermitted';

async function lookAt(path: string, lookup: Lookup): Promise<Look> {
  try {
    if ((await stat(path)).isDirectory()) return 'directory';
  } catch (error) {
    return errorCode(error) === 'EACCES' ? 'notPermitted' : 'missing';
  }
  if (lookup.windows) return 'program';
  try {
    await access(path, constants.X_OK);
    return 'program';
  } catch {
    return 'notExecutable';
  }
}

function refusal(look: Look, program: string, path: string): SpawnFailure {
  switch (look) {
    case 'directory':
      return new SpawnFailure({
        code: 'notExecutable',
        message: `${program} is a folder, not a program: ${path}`,
        hint: 'Name the program inside it.',
      });
    case 'notExecutable':
      return new SpawnFailure({
        code: 'notExecutable',
        message: `${program} is not executable: ${path}`,
        hint: `Run \`chmod +x ${path}\`, or start it through its interpreter.`,
      });
    case 'notPermitted':
      return new SpawnFailure({
        code: 'permissionDenied',
        message: `No permission to look at ${path}.`,
        hint: 'Check the permissions of the folders above it.',
      });
    default:
      return notFound(`Command not found: ${program} (looked at ${path})`, 'Paths are relative to `cwd`.');
  }
}

/** A script whose interpreter is missing is reported by the system as if the script were. */
async function checkInterpreter(program: string, file: string, lookup: Lookup): Promise<void> {
  const shebang = parseShebang(await firstBytes(file));
  if (!shebang) return;
  const { interpreter, viaEnv } = shebang;
  if (shebang.carriageReturn) {
    throw notFound(
      `Command not found: ${viaEnv ?? interpreter}\\r, the interpreter that ${program} names`,
      `${file} has Windows line endings: save it with LF.`,
    );
  }
  const missing = await firstMissing([resolve(lookup.cwd, interpreter), viaEnv], lookup);
  if (missing === undefined) return;
  throw notFound(
    `Command not found: ${missing}, the interpreter that ${program} names`,
    `Install it, or correct the first line of ${file}.`,
  );
}

async function firstMissing(programs: readonly (string | undefined)[], lookup: Lookup): Promise<string | undefined> {
  for (const program of programs) {
    if (program === undefined) continue;
    try {
      await (program.includes('/') ? atPath(program, lookup) : onPath(program, lookup));
    } catch (error) {
      if (error instanceof SpawnFailure && error.problem.code === 'commandNotFound') return program;
    }
  }
  return undefined;
}

/** A program may be executable without being readable: then it is no script. */
async function firstBytes(file: string): Promise<Buffer> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return Buffer.alloc(0);
  }
}

function notFound(message: string, hint: string): SpawnFailure {
  return new SpawnFailure({ code: 'commandNotFound', message, hint });
}
