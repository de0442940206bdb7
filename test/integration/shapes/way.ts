/** A way to end a backend, and ours: through a real broker. */
import type { BrokerHarness } from '../../support/brokerHarness';
import type { ControlGroup } from '../../support/controlGroup';
import { GroupCell, type Cell } from '../../support/processCell';

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
  /** Where the command is judged; default: a cell of its own, which it enters itself. */
  readonly cell?: () => Cell;
}

export interface Started {
  /** Resolves when it is said to have been stopped. */
  stop(): Promise<void>;
}

/** The same for all: this long to end in peace. */
export const graceMs = 3_000;

export function ours(harness: BrokerHarness, more: Readonly<Record<string, object>>): Way {
  return through(harness, more, { name: 'Local Backends', strict: false });
}

/** In a control group that the product makes: the command must not leave it, so all that is born around the broker is judged. */
export function oursStrict(harness: BrokerHarness, around: ControlGroup): Way {
  return { ...through(harness, {}, { name: 'ours, strict', strict: true }), cell: () => new GroupCell(around) };
}

function through(
  harness: BrokerHarness,
  more: Readonly<Record<string, object>>,
  { name: wayName, strict }: { readonly name: string; readonly strict: boolean },
): Way {
  return {
    name: wayName,
    start: async ({ name, argv, cwd, env, daemonPort }) => {
      const ready = daemonPort === undefined ? { ready: 'none' } : { port: daemonPort, gateway: false };
      const shape = { command: argv, cwd, env, stop: { grace: `${graceMs}ms`, strict }, ...ready };
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
