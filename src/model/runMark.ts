import { formatDuration } from './countdown';

/** The lines of our own in a log, between the runs of a backend: who asked, and how it ended. */

const start = '─── ';
const dim = '\u001b[2m';
const reset = '\u001b[0m';

export interface EndFacts {
  readonly exitCode?: number;
  readonly signal?: string;
  readonly ranMs: number;
  /** It did not react to the signal to end. */
  readonly forced: boolean;
}

/** A whole line; the colour that the backend may have left on ends before it. */
export function runMark(at: string, text: string): string {
  return `${reset}${dim}${start}${at} ${text.replaceAll('\n', ' ')} ───${reset}\n`;
}

/** `line` without terminal sequences. */
export function isRunMark(line: string): boolean {
  return line.startsWith(start);
}

/** `exit code 0, ran 3 min`, `ended by SIGTERM, ran 20 s`, `killed, ran 20 s`. */
export function endWords({ exitCode, signal, forced, ranMs }: EndFacts): string {
  const how = [
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(signal === undefined ? [] : [`ended by ${signal}`]),
    ...(forced && signal !== 'SIGKILL' ? ['what was left of it was killed'] : []),
    `ran ${formatDuration(ranMs)}`,
  ];
  return how.join(', ');
}
