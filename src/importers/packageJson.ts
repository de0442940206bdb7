import { frameworkOf, portIn, type Framework } from './frameworks';
import { chosenScripts, roleOf, type PackageScript } from './packageScripts';
import { asComment, asName, distinct, portHint, type BackendSuggestion, type SuggestedBackend } from './suggestion';

export const packageManagers = ['npm', 'pnpm', 'yarn', 'bun'] as const;

export type PackageManager = (typeof packageManagers)[number];

export interface PackageJsonOptions {
  /** What the lock file tells; the `packageManager` field of the file comes first, npm last. */
  readonly packageManager?: PackageManager;
}

/** Server libraries whose programs choose their port in code. */
const serverLibraries = [
  'express',
  'fastify',
  'koa',
  '@hapi/hapi',
  'hono',
  '@nestjs/core',
  'restify',
  'polka',
] as const;

const largestPackageJson = 1024 * 1024;

/** Backends that the scripts of a package.json suggest: few and likely, best first. Never throws. */
export function suggestFromPackageJson(text: string, options: PackageJsonOptions = {}): readonly BackendSuggestion[] {
  const json = parseObject(text);
  if (json === undefined) return [];
  const manager = managerOf(json) ?? options.packageManager ?? 'npm';
  const scripts = Object.entries(asObject(json['scripts']))
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && isPlainName(entry[0]))
    .map(([name, script]): PackageScript => ({ name, text: script }));
  const library = serverLibraries.find((name) => dependsOn(json, name));
  return distinct(chosenScripts(scripts).map((script) => suggestionFor(script, manager, library)));
}

function suggestionFor(script: PackageScript, manager: PackageManager, library: string | undefined): BackendSuggestion {
  const { name, text } = script;
  const framework = frameworkOf(text);
  const kind = kindOf(script, library !== undefined);
  const ownPort = portIn(text);
  const { command, port } = commandFor(script, manager, ownPort, framework);
  const isUsualPort = framework !== undefined && ownPort === undefined;
  const guess = isUsualPort ? ` (${port} is the usual port of ${framework.label})` : '';
  return {
    name: asName(roleOf(name) ?? framework?.role ?? (kind === 'server' ? 'api' : name)),
    comment: `${manager} script "${name}": ${asComment(text)}${guess}`,
    backend: backendOf(command, kind === 'worker' ? undefined : port, kind),
    ...(kind === 'server' && port === undefined ? { hint: portHint } : {}),
  };
}

type ScriptKind = 'server' | 'worker' | 'unknown';

/** A server listens very likely, a worker very likely does not. */
function kindOf({ name, text }: PackageScript, hasServerLibrary: boolean): ScriptKind {
  const role = roleOf(name);
  if (/^(worker|workers|jobs|queue|scheduler)$/.test(role ?? '')) return 'worker';
  if (/\b(tsc|watch)\b/.test(`${name} ${text}`)) return 'unknown';
  return hasServerLibrary || role !== undefined ? 'server' : 'unknown';
}

function backendOf(command: string, port: number | undefined, kind: ScriptKind): SuggestedBackend {
  return {
    command,
    ...(port === undefined ? {} : { port }),
    ...(kind === 'worker' ? { restart: 'onFailure' } : {}),
  };
}

function commandFor(
  { name, text }: PackageScript,
  manager: PackageManager,
  ownPort: number | undefined,
  framework: Framework | undefined,
): { command: string; port: number | undefined } {
  const command = `${manager} run ${name}`;
  if (ownPort !== undefined) return { command, port: ownPort };
  // Arguments reach the last program of a script only.
  const last = text.split(/&&|\|\||[;|&]/).at(-1) ?? '';
  const canPass = framework?.portArguments !== undefined && framework.pattern.test(last.trim());
  if (!canPass) return { command, port: framework?.port };
  const separator = manager === 'npm' ? ' -- ' : ' ';
  return { command: `${command}${separator}${framework.portArguments}`, port: framework.port };
}

function managerOf(json: Record<string, unknown>): PackageManager | undefined {
  const field = json['packageManager'];
  return packageManagers.find((manager) => typeof field === 'string' && field.startsWith(`${manager}@`));
}

function dependsOn(json: Record<string, unknown>, name: string): boolean {
  return Object.hasOwn(asObject(json['dependencies']), name) || Object.hasOwn(asObject(json['devDependencies']), name);
}

/** A name that needs no quotes in a shell. */
function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9:._-]{0,60}$/.test(name);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (text.length > largestPackageJson) return undefined;
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof json === 'object' && json !== null ? asObject(json) : undefined;
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value));
}
