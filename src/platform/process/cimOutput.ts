import { maskSecrets } from './maskSecrets';
import type { ProcessInfo } from './types';

/** Asks PowerShell for one process, or all; the answer is parsed by `parseCim`. */
export function cimQuery(pid?: number): string {
  const filter = pid === undefined ? '' : ` -Filter 'ProcessId=${pid}'`;
  return (
    `Get-CimInstance Win32_Process${filter} | Select-Object ProcessId,ParentProcessId,CommandLine,` +
    `@{n='Started';e={$_.CreationDate.ToFileTimeUtc()}} | ConvertTo-Json -Compress`
  );
}

/** One object, or an array of them; Windows knows neither groups nor zombies. */
export function parseCim(text: string): ProcessInfo[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [];
  }
  return (Array.isArray(parsed) ? parsed : [parsed]).flatMap((entry: unknown) => {
    const row = asRecord(entry);
    const pid = row['ProcessId'];
    const started = row['Started'];
    if (typeof pid !== 'number' || (typeof started !== 'number' && typeof started !== 'string')) return [];
    return [
      {
        pid,
        parentPid: Number(row['ParentProcessId'] ?? 0),
        groupId: 0,
        sessionId: 0,
        state: 'R',
        startTime: String(started),
        command: maskSecrets(typeof row['CommandLine'] === 'string' ? row['CommandLine'] : ''),
      },
    ];
  });
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
