import type { ListenerCommand } from './listenerCommands';
import type { SocketTable } from './socketTable';
import type { Listener, PortTraffic } from './types';

/** Runs a short command and gives its standard output; rejects when it cannot be run. */
export type RunForOutput = (argv: readonly string[]) => Promise<string>;

/** macOS, Windows: listeners through a command of the system. Its price forbids looking again and again. */
export class CommandSocketTable implements SocketTable {
  readonly trafficBlindness = 'open connections are not observable on this system';

  constructor(
    private readonly command: ListenerCommand | undefined,
    private readonly run: RunForOutput,
  ) {}

  async readListeners(): Promise<readonly Listener[] | undefined> {
    const command = this.command;
    if (!command) return undefined;
    return this.run(command.argv).then(command.parse, () => undefined);
  }

  ownedBy(pids: readonly number[]): Promise<(listener: Listener) => boolean> {
    const own = new Set(pids);
    return Promise.resolve((listener) => listener.pid !== undefined && own.has(listener.pid));
  }

  ownersOf(listeners: readonly Listener[]): Promise<readonly number[]> {
    const pids = listeners.flatMap((listener) => (listener.pid === undefined ? [] : [listener.pid]));
    return Promise.resolve([...new Set(pids)]);
  }

  clientPid(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  readTraffic(): Promise<ReadonlyMap<number, PortTraffic> | undefined> {
    return Promise.resolve(undefined);
  }
}
