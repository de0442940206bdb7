import { parseArgs } from 'node:util';
import { ringNames, type RingName } from './ring';

export interface RunOptions {
  readonly kind: 'run' | 'help' | 'provision';
  readonly rings: readonly RingName[];
  readonly grep: string | undefined;
}

export const usage = `Usage: npm test -- [options]

Runs the rings ${ringNames.join(', ')} in this order and ends with "N passed, N failed".

  --ring NAMES   only these rings, separated by commas: --ring unit,integration
  --grep TEXT    only tests whose title matches this regular expression
  --provision    install and download what the chosen rings need, run nothing
  --help         this text`;

export function parseRunOptions(args: readonly string[]): RunOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ring: { type: 'string', multiple: true },
      grep: { type: 'string' },
      provision: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const kind = values.help === true ? 'help' : values.provision === true ? 'provision' : 'run';
  return { kind, rings: chooseRings(values.ring), grep: values.grep };
}

function chooseRings(asked: readonly string[] | undefined): readonly RingName[] {
  if (asked === undefined) return ringNames;
  const names = asked.flatMap((value) => value.split(',')).map((name) => name.trim());
  for (const name of names) {
    if (!ringNames.some((known) => known === name)) {
      throw new Error(`There is no ring "${name}". The rings are ${ringNames.join(', ')}.`);
    }
  }
  return ringNames.filter((name) => names.includes(name));
}
