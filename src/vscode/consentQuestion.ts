import type { BackendDefinition, CommandLine, ProbeDefinition } from '../model/backendDefinition';
import { plainText } from '../model/plainText';
import { notificationText } from './label';

export interface ConsentQuestion {
  readonly text: string;
  /** False when something that would run is longer than can be shown, or would read differently here. */
  readonly whole: boolean;
}

interface Told {
  readonly text: string;
  readonly whole: boolean;
}

/** A notification ends after 1000 characters. */
const longestQuestion = 900;
const longestCommand = 200;

/**
 * Asks whether backends may start by themselves, with all that would run: each one's dependencies before it.
 * `closures` holds for each backend what starts with it, itself last.
 */
export function consentQuestion(closures: readonly (readonly BackendDefinition[])[]): ConsentQuestion {
  const wanted = closures.flatMap((closure) => closure.slice(-1));
  const alongside = unique(closures.flatMap((closure) => closure.slice(0, -1))).filter(
    (each) => !wanted.includes(each),
  );
  const told = [...wanted, ...alongside].map(describe);
  const texts = told.map(({ text }) => text);
  const verb = wanted.length === 1 ? 'wants' : 'want';
  const needed = alongside.length === 0 ? '' : `, and with it ${texts.slice(wanted.length).join(', ')}`;
  const text = `${texts.slice(0, wanted.length).join(', ')} ${verb} to start whenever this workspace is opened${needed}.`;
  const whole = told.every((each) => each.whole) && text.length <= longestQuestion && notificationText(text) === text;
  return { text, whole };
}

function describe(definition: BackendDefinition): Told {
  const { name, command, cwd, env, envFile, ready, liveness, stop } = definition;
  const names = [...Object.keys(env), ...envFile];
  const probes = [...ready.probes, ...(liveness === undefined ? [] : [liveness.probe])];
  const parts = [
    commandText(command),
    ...(cwd === undefined ? [] : [`in ${cwd}`]),
    ...(names.length === 0 ? [] : [`environment ${names.join(' ')}`]),
    ...probes.flatMap(probeText),
    ...(stop.quiesce?.kind === 'exec' ? [`asked before sleep: ${commandText(stop.quiesce.argv)}`] : []),
  ];
  const shown = parts.map((part) => plainText(part, longestCommand));
  return {
    text: `${plainText(name)} (${shown.join('; ')})`,
    whole: parts.every((part, index) => part === shown[index]),
  };
}

function probeText(probe: ProbeDefinition): readonly string[] {
  return probe.kind === 'exec' ? [`ready when ${commandText(probe.argv)}`] : [];
}

/** An argument with blanks or quotes in it is quoted, so that two commands never read the same. */
function commandText(command: CommandLine): string {
  if (typeof command === 'string') return command;
  return command.map((part) => (/^[^\s"'\\]+$/.test(part) ? part : JSON.stringify(part))).join(' ');
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
