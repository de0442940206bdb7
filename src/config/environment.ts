import type { EnvFileEntry } from './envFile';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentParts {
  /** Of the window that asked, scrubbed of what the editor put there. */
  readonly window: Environment;
  /** Entries of all env files, in the order in which the definition names them. */
  readonly envFiles: readonly EnvFileEntry[];
  /** What we add on our own: see `injectedEnvironment`. */
  readonly injected: Environment;
  /** `env` of the definition, variables filled in. */
  readonly definition: Environment;
  /** Windows: names that differ by case only are one. */
  readonly ignoreCase?: boolean;
}

/** The whole environment of a backend's process; later parts win. */
export function composeEnvironment(parts: EnvironmentParts): Record<string, string> {
  const { window, envFiles, injected, definition, ignoreCase = false } = parts;
  const composed = new Map<string, { readonly name: string; readonly value: string }>();
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined) composed.set(ignoreCase ? name.toUpperCase() : name, { name, value });
  };
  for (const [name, value] of Object.entries(window)) add(name, value);
  for (const { name, value } of envFiles) add(name, value);
  // NO_COLOR is a person's wish and counts when it is not empty (no-color.org).
  const wantsColors = (definition['NO_COLOR'] ?? composed.get('NO_COLOR')?.value ?? '') === '';
  for (const [name, value] of Object.entries(injected)) {
    if (wantsColors || !colorVariables.includes(name)) add(name, value);
  }
  for (const [name, value] of Object.entries(definition)) add(name, value);
  return Object.fromEntries([...composed.values()].map(({ name, value }) => [name, value]));
}

const colorVariables: readonly string[] = ['FORCE_COLOR', 'CLICOLOR_FORCE'];

/** Set for every backend unless its definition says otherwise: the port, the descriptor on which it is to say that it is ready, and output that comes at once and in colour. */
export function injectedEnvironment(
  port: number | undefined,
  { readyFd, activated = false }: { readonly readyFd?: number | undefined; readonly activated?: boolean } = {},
): Record<string, string> {
  return {
    ...(port === undefined ? {} : { PORT: String(port) }),
    ...(readyFd === undefined ? {} : { READY_FD: String(readyFd) }),
    ...(activated ? { LISTEN_FDS: '1' } : {}),
    FORCE_COLOR: '1',
    CLICOLOR_FORCE: '1',
    PYTHONUNBUFFERED: '1',
  };
}
