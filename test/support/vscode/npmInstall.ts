import { setTimeout as sleep } from 'node:timers/promises';
import { runChildGroup } from '../runner/childGroup';

const attempts = 3;
const installTimeoutMs = 5 * 60_000;
const pauseBetweenAttemptsMs = 3_000;
const progressEveryMs = 5_000;

export interface NpmInstall {
  readonly folder: string;
  /** What is being fetched, for the person who waits. */
  readonly title: string;
  readonly args: readonly string[];
  readonly print: (line: string) => void;
}

/** `npm install` in a folder, with progress; tried again when the network was not in the mood. */
export async function npmInstall(install: NpmInstall): Promise<void> {
  const { command, prefix } = npmCommand();
  const args = [
    ...prefix,
    'install',
    '--prefix',
    install.folder,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const startedAt = performance.now();
  install.print(`  ${install.title} …`);
  const progress = setInterval(
    () => install.print(`  ${install.title} … ${Math.round((performance.now() - startedAt) / 1000)} s`),
    progressEveryMs,
  );
  try {
    for (let attempt = 1; ; attempt++) {
      const options = {
        cwd: install.folder,
        env: cleanEnvironment(),
        killAfterMs: installTimeoutMs,
        output: 'capture' as const,
      };
      const result = await runChildGroup(command, [...args, ...install.args], options);
      if (result.exitCode === 0) return;
      if (attempt === attempts) throw new Error(`${install.title} failed ${attempts} times:\n${result.output.trim()}`);
      install.print(`  ${install.title} failed (${firstLine(result.output)}), trying again`);
      await sleep(pauseBetweenAttemptsMs);
    }
  } finally {
    clearInterval(progress);
  }
}

/** The npm that runs us, else the one on PATH. */
function npmCommand(): { command: string; prefix: readonly string[] } {
  const running = process.env['npm_execpath'];
  return running === undefined ? { command: 'npm', prefix: [] } : { command: process.execPath, prefix: [running] };
}

/** Inside a script npm describes the surrounding project in the environment; the inner npm must not believe it. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const about = /^npm_(package|lifecycle|command|config_(local_prefix|prefix|noproxy|omit|include))/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !about.test(name)));
}

function firstLine(output: string): string {
  return output.trim().split('\n')[0] ?? '';
}
