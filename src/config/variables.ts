/**
 * The variables of the file format. Finding and substituting are pure; who knows the values passes a scope.
 * `$${` stands for a plain `${`.
 */

export type VariableKind =
  | 'workspaceFolder'
  | 'workspaceFolderBasename'
  | 'env'
  | 'port'
  | 'backendPort'
  | 'backendUrl'
  /** Looks like one of ours and is not: a typing error. */
  | 'unknown'
  /** `${NAME}` as a shell knows it. Text for a shell keeps it, anywhere else it is a mistake. */
  | 'foreign';

export interface VariableUse {
  readonly kind: VariableKind;
  /** What stands between the braces. */
  readonly text: string;
  /** The name in `env:NAME` and `backend:NAME.port`; otherwise empty. */
  readonly name: string;
  /** Place in the searched text, braces included. */
  readonly start: number;
  readonly end: number;
}

export interface BackendAddress {
  readonly port?: number;
  readonly url?: string;
}

export interface VariableScope {
  /** Absolute path. */
  readonly workspaceFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The port that the process shall listen on. */
  readonly port?: number;
  /** The public address of a backend of the same folder. */
  readonly backend: (name: string) => BackendAddress | undefined;
}

export type Substitution =
  { readonly ok: true; readonly value: string } | { readonly ok: false; readonly unknown: string };

export const plainVariables = ['workspaceFolder', 'workspaceFolderBasename', 'port'] as const;

/** The variables that a text uses, in order; escaped ones (`$${`) are not among them. */
export function variablesIn(text: string): readonly VariableUse[] {
  const found: VariableUse[] = [];
  for (const match of text.matchAll(/(\$?)\$\{([^{}]*)\}/g)) {
    if (match[1] === '$') continue;
    const inner = match[2] ?? '';
    found.push({ ...classify(inner), text: inner, start: match.index, end: match.index + match[0].length });
  }
  return found;
}

/** Fills in all variables of a text that no shell reads (argv, env, paths, probes). */
export function substitute(text: string, scope: VariableScope, encode = unchanged): Substitution {
  const replacement = (use: VariableUse): string | undefined => {
    const found = valueOf(use, scope);
    return found === undefined ? undefined : encode(found);
  };
  // Escapes are undone between the variables only: a value may hold `$${` itself.
  return replaceVariables(text, variablesIn(text), replacement, unescape);
}

function unchanged(value: string): string {
  return value;
}

function unescape(literal: string): string {
  return literal.replaceAll('$${', '${');
}

/** Replaces the given uses; the first one without a value ends it. */
export function replaceVariables(
  text: string,
  uses: readonly VariableUse[],
  replacement: (use: VariableUse, index: number) => string | undefined,
  between: (literal: string) => string = unchanged,
): Substitution {
  let value = '';
  let end = 0;
  for (const [index, use] of uses.entries()) {
    const replaced = replacement(use, index);
    if (replaced === undefined) return { ok: false, unknown: use.text };
    value += between(text.slice(end, use.start)) + replaced;
    end = use.end;
  }
  return { ok: true, value: value + between(text.slice(end)) };
}

/** The value of a variable, undefined when the scope does not know it. */
export function valueOf(use: VariableUse, scope: VariableScope): string | undefined {
  switch (use.kind) {
    case 'workspaceFolder':
      return scope.workspaceFolder;
    case 'workspaceFolderBasename':
      return /([^\\/]*)[\\/]*$/.exec(scope.workspaceFolder)?.[1] ?? '';
    case 'env':
      return Object.hasOwn(scope.env, use.name) ? scope.env[use.name] : undefined;
    case 'port':
      return scope.port?.toString();
    case 'backendPort':
    case 'backendUrl':
      return addressPart(use.kind, scope.backend(use.name));
    case 'unknown':
    case 'foreign':
      return undefined;
  }
}

function addressPart(kind: 'backendPort' | 'backendUrl', address: BackendAddress | undefined): string | undefined {
  return kind === 'backendPort' ? address?.port?.toString() : address?.url;
}

function classify(inner: string): { readonly kind: VariableKind; readonly name: string } {
  for (const kind of plainVariables) if (inner === kind) return { kind, name: '' };
  const environment = /^env:([^\s:=?+-][^\s:=]*)$/.exec(inner);
  if (environment?.[1] !== undefined) return { kind: 'env', name: environment[1] };
  const backend = /^backend:([^\s:=?+-].*)\.(port|url)$/.exec(inner);
  if (backend?.[1] !== undefined) {
    return { kind: backend[2] === 'port' ? 'backendPort' : 'backendUrl', name: backend[1] };
  }
  return { kind: isMistaken(inner) ? 'unknown' : 'foreign', name: '' };
}

/** A colon after one of these words is no shell syntax unless an operator (`:-`, `:=`, `:?`, `:+`) follows. */
function isMistaken(inner: string): boolean {
  return /^(env|backend|workspaceFolder|config|command|input):(?![-=?+\d])/.test(inner);
}
