import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runChildGroup } from './childGroup';
import type { RingName } from './ring';

/** A program that a ring needs and npm cannot bring. The list is `test/programs.json`. */
export interface NeededProgram {
  readonly program: string;
  readonly debianPackage: string;
  readonly rings: readonly RingName[];
}

export interface ProgramHost {
  readonly root: string;
  readonly print: (line: string) => void;
}

const installTimeoutMs = 8 * 60_000;

/** Other names under which the same program is delivered. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  chromium: ['chromium-browser', 'google-chrome', 'google-chrome-stable'],
};

/** Absolute path of a program: on PATH, or where Debian keeps it off an ordinary PATH. */
export function findProgram(program: string): string | undefined {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    ...postgresFolders(),
  ];
  for (const name of [program, ...(otherNames[program] ?? [])]) {
    const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

function postgresFolders(): string[] {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return [];
  return readdirSync(base).map((version) => join(base, version, 'bin'));
}

/** Installs what is missing where that is possible (root on Debian); otherwise throws with the command to run. */
export async function ensurePrograms(ring: RingName, host: ProgramHost): Promise<void> {
  const list = JSON.parse(readFileSync(join(host.root, 'test', 'programs.json'), 'utf8')) as readonly NeededProgram[];
  await ensureProgramsInstalled(
    list.filter((needed) => needed.rings.includes(ring)),
    host,
  );
}

async function ensureProgramsInstalled(list: readonly NeededProgram[], host: ProgramHost): Promise<void> {
  const missing = list.filter((needed) => findProgram(needed.program) === undefined);
  if (missing.length === 0) return;
  const packages = missing.map((needed) => needed.debianPackage);
  const command = `apt-get install -y ${packages.join(' ')}`;
  const names = missing.map((needed) => needed.program).join(', ');
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(`Missing: ${names}. On Debian or Ubuntu run: sudo ${command}`);
  }
  host.print(`  installing ${packages.join(', ')} …`);
  await installDebianPackages(packages, host);
  const still = missing.filter((needed) => findProgram(needed.program) === undefined);
  if (still.length > 0) {
    throw new Error(`Still missing after "${command}": ${still.map((needed) => needed.program).join(', ')}.`);
  }
}

async function installDebianPackages(packages: readonly string[], host: ProgramHost): Promise<void> {
  const release = forbidServiceStart();
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = { cwd: host.root, env, killAfterMs: installTimeoutMs, output: 'capture' as const };
    await runChildGroup('apt-get', ['update', '-qq'], options);
    const args = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
    const result = await runChildGroup('apt-get', args, options);
    if (result.exitCode !== 0) host.print(result.output.trimEnd());
  } finally {
    release();
  }
}

/** Debian's database and web server packages start a daemon when installed; we only want the program. */
function forbidServiceStart(): () => void {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return () => {};
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => rmSync(policy, { force: true });
}
