import type { BackendDefinition, FolderDefinition } from '../model/backendDefinition';
import { startClosure } from '../model/startOrder';
import { whatRuns } from '../config/fingerprint';
import { absolutePath } from '../config/paths';
import { substitute } from '../config/variables';

/** Digests the content of a file; undefined when there is none. */
export type FileDigest = (path: string) => Promise<string | undefined>;

/** Where a folder really is; undefined when there is none. */
export type RealPath = (path: string) => Promise<string | undefined>;

/** What starts together when `name` starts: its dependencies first, itself last. */
export function startsTogether(folder: FolderDefinition, name: string): readonly BackendDefinition[] {
  const byName = new Map(folder.backends.map((definition) => [definition.name, definition]));
  return startClosure(folder.backends, [name]).flatMap((each) => byName.get(each) ?? []);
}

/**
 * Everything that decides what runs when a backend starts, as one text: of it and of all it depends on, with
 * digests of the env files, which can turn a harmless command into another one, and the folder that `cwd` leads to
 * now. undefined when a file or folder cannot be named before the start, so that nobody can say what was agreed to.
 */
export async function consentSubject(
  folder: FolderDefinition,
  name: string,
  environment: Readonly<Record<string, string>>,
  digest: FileDigest,
  realPath: RealPath,
): Promise<string | undefined> {
  const parts: unknown[] = [folder.path];
  for (const definition of startsTogether(folder, name)) {
    const [cwd, ...files] = pathsOf(folder, definition, environment) ?? [];
    if (cwd === undefined) return undefined;
    const digests = await Promise.all(files.map(async (file) => [file, (await digest(file)) ?? null]));
    parts.push([definition.name, whatRuns(definition), digests, (await realPath(cwd)) ?? null]);
  }
  return JSON.stringify(parts);
}

/** Its folder, then its env files. */
function pathsOf(
  folder: FolderDefinition,
  definition: BackendDefinition,
  environment: Readonly<Record<string, string>>,
): readonly string[] | undefined {
  const port = fixedPort(definition);
  const scope = {
    workspaceFolder: folder.path,
    env: environment,
    backend: (name: string) => addressOf(folder, name),
    ...(port === undefined ? {} : { port }),
  };
  const filled = [definition.cwd ?? '.', ...definition.envFile].map((path) => substitute(path, scope));
  return filled.every((each) => each.ok) ? filled.map(({ value }) => absolutePath(folder.path, value)) : undefined;
}

/** Only what is certain before the start; an address is not, its scheme depends on more than the port. */
function addressOf(folder: FolderDefinition, name: string): { readonly port?: number } | undefined {
  const definition = folder.backends.find((candidate) => candidate.name === name);
  const port = definition === undefined ? undefined : fixedPort(definition);
  return port === undefined ? undefined : { port };
}

function fixedPort({ port }: BackendDefinition): number | undefined {
  return typeof port === 'number' ? port : undefined;
}
