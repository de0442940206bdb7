import type { BackendDefinition, CommandLine, ProbeDefinition } from '../model/backendDefinition';
import { absolutePath, leavesFolder } from './paths';
import type { ShellKind } from './shellQuoting';
import { substituteForShell } from './shellSubstitution';
import { substitute, type Substitution, type VariableScope } from './variables';

export interface LaunchScope extends VariableScope {
  /** Which shell reads a command that is a text. */
  readonly shell: ShellKind;
}

/** A definition with all variables filled in: what is run, where, and what is looked at until it is ready. */
export interface ResolvedLaunch {
  readonly command: CommandLine;
  /** Absolute. */
  readonly cwd: string;
  /** Additions to the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly envFiles: readonly string[];
  readonly probes: readonly ProbeDefinition[];
  /** Asked before it is put to sleep. */
  readonly quiesce?: ProbeDefinition;
  /** What tells later whether it still answers. */
  readonly liveness?: ProbeDefinition;
  /** Those of `cwd` and `envFiles` that lie outside of the folder by their text (links are not followed). */
  readonly outside: readonly string[];
}

export type Resolution =
  { readonly ok: true; readonly launch: ResolvedLaunch } | { readonly ok: false; readonly message: string };

/**
 * Fills in the variables of a definition. Pure. To let `${env:NAME}` see what the env files hold, resolve a
 * definition of `envFile` alone first, read the files, and resolve again with their entries added to the scope's `env`.
 */
export function resolveDefinition(definition: BackendDefinition, scope: LaunchScope): Resolution {
  const filler = new Filler(scope);
  const folder = scope.workspaceFolder;
  const cwd = absolutePath(folder, filler.text(definition.cwd ?? '.'));
  const { quiesce } = definition.stop;
  const envFiles = definition.envFile.map((file) => absolutePath(folder, filler.text(file)));
  const launch: ResolvedLaunch = {
    command: filler.command(definition.command),
    cwd,
    env: filler.values(definition.env),
    envFiles,
    probes: definition.ready.probes.map((probe) => fillProbe(probe, filler, cwd)),
    ...(quiesce === undefined ? {} : { quiesce: fillProbe(quiesce, filler, cwd) }),
    ...(definition.liveness && { liveness: fillProbe(definition.liveness.probe, filler, cwd) }),
    outside: [cwd, ...envFiles].filter((path) => leavesFolder(folder, path)),
  };
  return filler.unknown === undefined ? { ok: true, launch } : { ok: false, message: describeUnknown(filler.unknown) };
}

/** Fills in text after text and keeps the first variable that has no value. */
class Filler {
  unknown: string | undefined;

  constructor(private readonly scope: LaunchScope) {}

  text = (text: string): string => this.keep(substitute(text, this.scope));

  command(command: CommandLine): CommandLine {
    if (typeof command !== 'string') return command.map(this.text);
    return this.keep(substituteForShell(command, this.scope, this.scope.shell));
  }

  values(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, this.text(value)]));
  }

  /** In a regular expression a value stands for its own text. */
  pattern(text: string): string {
    return this.keep(substitute(text, this.scope, (value) => value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')));
  }

  private keep(result: Substitution): string {
    if (result.ok) return result.value;
    this.unknown ??= result.unknown;
    return '';
  }
}

/** A socket's path is relative to where the backend runs. */
function fillProbe(probe: ProbeDefinition, filler: Filler, cwd: string): ProbeDefinition {
  switch (probe.kind) {
    case 'tcp':
    case 'fd':
      return probe;
    case 'http': {
      const body = probe.body === undefined ? {} : { body: filler.text(probe.body) };
      return { ...probe, path: filler.text(probe.path), headers: filler.values(probe.headers), ...body };
    }
    case 'log': {
      const isRegex = probe.regexFlags !== undefined;
      return { ...probe, pattern: isRegex ? filler.pattern(probe.pattern) : filler.text(probe.pattern) };
    }
    case 'exec':
      return { ...probe, argv: probe.argv.map(filler.text) };
    case 'grpc':
      return { ...probe, service: filler.text(probe.service) };
    case 'unix':
      return { ...probe, path: absolutePath(cwd, filler.text(probe.path)) };
  }
}

function describeUnknown(unknown: string): string {
  const environment = /^env:(.+)$/.exec(unknown)?.[1];
  if (environment !== undefined) return `The environment variable "${environment}" is not set.`;
  return `The variable "\${${unknown}}" has no value.`;
}
