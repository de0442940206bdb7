/** In the setting: stands for the list below, so that one can add to it. */
export const defaultEntry = 'default';

/** Stands for the browsers that people use: a dev server that opens one must not take its windows along when it ends. */
const browsersEntry = 'browsers';

/**
 * Texts of the command lines of programs that leave the session of whoever started them on purpose, serve other
 * projects too and end by themselves: build daemons, watchers, agents.
 */
const buildDaemons: readonly string[] = [
  // Gradle, its workers, Kotlin, Maven, Scala
  'org.gradle.launcher.daemon',
  'org.gradle.process.internal.worker',
  'org.jetbrains.kotlin.daemon',
  'org.mvndaemon.mvnd',
  'bloop.Bloop',
  // Bazel, Buck
  'A-server.jar',
  'buck2d[',
  // Nx, Turborepo
  'nx/src/daemon/server',
  'nx/src/project-graph/plugins/isolation',
  'turbo daemon',
  'turbo --skip-infer daemon',
  // .NET
  'VBCSCompiler',
  '/nodemode:',
  // Rails, caches, watchers, linters
  'spring server',
  'sccache',
  'watchman --',
  'eslint_d',
  'prettierd',
  // Git, Android, keys
  'fsmonitor--daemon',
  'credential-cache--daemon',
  'fork-server server',
  'gpg-agent --',
  'ssh-agent -',
];

/** What the setting means; anything that is no list of texts counts as not set. */
export function keptProcesses(setting: unknown): readonly string[] {
  const entries = Array.isArray(setting) ? setting.filter((entry) => typeof entry === 'string') : [defaultEntry];
  const texts = entries.flatMap((entry) =>
    entry === defaultEntry ? [...buildDaemons, browsersEntry] : [entry.trim()],
  );
  return [...new Set(texts.filter((text) => text !== ''))];
}
