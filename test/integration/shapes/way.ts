/** A way to end a backend, and ours: through a real broker. */
import type { BrokerHarness } from '../../support/brokerHarness';

export interface Command {
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** It listens there, and is to be waited for so that it may leave its leader. */
  readonly daemonPort?: number;
}

export interface Way {
  readonly name: string;
  readonly start: (command: Command) => Promise<Started>;
}

export interface Started {
  /** Resolves when it is said to have been stopped. */
  stop(): Promise<void>;
}

/** The same for all: this long to end in peace. */
export const graceMs = 3_000;

export function ours(harness: BrokerHarness, more: Readonly<Record<string, object>>): Way {
  return {
    name: 'Local Backends',
    start: async ({ name, argv, cwd, env, daemonPort }) => {
      const ready = daemonPort === undefined ? { ready: 'none' } : { port: daemonPort, gateway: false };
      const shape = { command: argv, cwd, env, stop: { grace: `${graceMs}ms` }, ...ready };
      await harness.declare({ ...more, [name]: shape });
      await harness.start(name);
      return {
        stop: async () => {
          await harness.stop(name);
        },
      };
    },
  };
}
