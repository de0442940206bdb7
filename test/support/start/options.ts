import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface StartOptions {
  readonly help: boolean;
  readonly want: 'any' | 'desktop' | 'server';
  /** 0: any free port. */
  readonly port: number;
  /** Named by the person: no other one will do. */
  readonly portIsGiven: boolean;
  /** Absolute; undefined: the sample workspace. */
  readonly workspace: string | undefined;
  /** Absolute; undefined: built from the sources. */
  readonly vsix: string | undefined;
  readonly fresh: boolean;
}

export const defaultPort = 8310;

export const usage = `Usage: npm start -- [options]

Builds the extension and opens VS Code with it on a sample workspace: a desktop VS Code where one can be downloaded
and shown, otherwise a VS Code server for your browser, whose address is printed. Ctrl-C stops everything.

  --workspace DIR   open this folder instead of the sample workspace
  --port N          port of the VS Code server (default ${defaultPort}, or a free one when that is taken; 0: any)
  --web             the VS Code server, even where a desktop VS Code could be shown
  --desktop         a desktop VS Code or nothing
  --vsix FILE       install this package instead of building one
  --fresh           forget the settings, window state and sample workspace of earlier starts
  --help            this text`;

export function parseStartOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      workspace: { type: 'string' },
      port: { type: 'string' },
      web: { type: 'boolean', default: false },
      desktop: { type: 'boolean', default: false },
      vsix: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const port = Number(values.port ?? defaultPort);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port ?? ''} is no port.`);
  if (values.web && values.desktop) throw new Error('Choose one of --web and --desktop.');
  return {
    help: values.help,
    want: values.web ? 'server' : values.desktop ? 'desktop' : 'any',
    port,
    portIsGiven: values.port !== undefined,
    workspace: values.workspace === undefined ? undefined : resolve(values.workspace),
    vsix: values.vsix === undefined ? undefined : resolve(values.vsix),
    fresh: values.fresh,
  };
}
