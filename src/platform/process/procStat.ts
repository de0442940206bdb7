import type { ProcessStat } from './types';

/** Zombies and processes being torn down hold no port and run no code. */
export function isGone(state: string): boolean {
  return state === 'Z' || state === 'X' || state === 'x';
}

/**
 * Parses `/proc/PID/stat`. The name in the second field may hold spaces and parentheses, even `) Z 1 `,
 * so everything is counted from the last closing parenthesis. A process whose first thread alone has ended is `Z` to the
 * kernel while its others go on, hold ports and run code: it is answered as one that sleeps.
 */
export function parseProcStat(text: string): ProcessStat | undefined {
  const nameEnd = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  if (nameEnd < 0 || !Number.isInteger(pid)) return undefined;
  const fields = text.slice(nameEnd + 2).split(' ');
  const [state, parentPid, groupId, sessionId] = fields;
  const threads = Number(fields[17]);
  const startTime = fields[19];
  if (state === undefined || startTime === undefined || !/^\d+$/.test(startTime)) return undefined;
  return {
    pid,
    state: state === 'Z' && threads > 1 ? 'S' : state,
    startTime,
    parentPid: Number(parentPid),
    groupId: Number(groupId),
    sessionId: Number(sessionId),
  };
}
