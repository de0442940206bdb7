import { maskSecrets } from './maskSecrets';
import { markerVariable } from './runMarker';
import type { ProcessInfo } from './types';

/** What `ps` is asked for where there is no /proc; it and `parsePs` belong together. */
export const psColumns = 'pid=,ppid=,pgid=,sess=,stat=,lstart=,command=';

const line = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d{4})(?:\s+(.*))?$/;

/** Parses `ps -o` with `psColumns` under `LC_ALL=C`; what is not a process line is left out. */
export function parsePs(text: string): ProcessInfo[] {
  return text.split('\n').flatMap((row) => {
    const [, pid, parentPid, groupId, session, state, started, command] = line.exec(row) ?? [];
    if (pid === undefined || state === undefined || started === undefined) return [];
    return [
      {
        pid: Number(pid),
        parentPid: Number(parentPid),
        groupId: Number(groupId),
        // A kernel pointer on some systems: then it is no session id.
        sessionId: /^\d+$/.test(session ?? '') ? Number(session) : 0,
        state: state.charAt(0),
        startTime: started.replace(/\s+/g, ' '),
        command: maskSecrets(command ?? ''),
      },
    ];
  });
}

const marked = new RegExp(`^\\s*(\\d+)\\s.*\\b${markerVariable}=([0-9a-f]{32})(?:\\s|$)`);

/** Parses `ps -E` (command followed by the environment) into marker by pid. */
export function parsePsMarkers(text: string): Map<number, string> {
  const markers = new Map<number, string>();
  for (const row of text.split('\n')) {
    const [, pid, marker] = marked.exec(row) ?? [];
    if (pid !== undefined && marker !== undefined) markers.set(Number(pid), marker);
  }
  return markers;
}
