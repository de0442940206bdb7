import { cimQuery, parseCim } from './cimOutput';
import { outputOf, outputOfSync } from './launch';
import { seenBy, type MachineIdentity, type ProcTable } from './procTable';
import type { ProcessInfo, ProcessStat } from './types';

const shell = 'powershell.exe';
const bootQuery = '(Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToFileTimeUtc()';

/** The process table of Windows, asked through PowerShell; environments of others cannot be read there. */
export class WindowsProcTable implements ProcTable {
  private known: MachineIdentity | undefined;

  constructor(private readonly env: Readonly<Record<string, string>>) {}

  machine(): MachineIdentity | undefined {
    if (!this.known) {
      const boot = outputOfSync(shell, powershellArguments(bootQuery), this.env)?.trim() ?? '';
      if (boot !== '') this.known = { bootId: boot, pidNamespace: 'host' };
    }
    return this.known;
  }

  statOf(pid: number): ProcessStat | undefined {
    return this.lookAt(pid);
  }

  commandOf(pid: number): string {
    return this.lookAt(pid)?.command ?? '';
  }

  wholeCommandOf(pid: number): string {
    return this.commandOf(pid);
  }

  async stats(): Promise<readonly ProcessStat[]> {
    return seenBy(shell, parseCim((await outputOf(shell, powershellArguments(cimQuery()), this.env)) ?? ''));
  }

  markers(): Promise<ReadonlyMap<number, string>> {
    return Promise.resolve(new Map());
  }

  private lookAt(pid: number): ProcessInfo | undefined {
    return parseCim(outputOfSync(shell, powershellArguments(cimQuery(pid)), this.env) ?? '')[0];
  }
}

function powershellArguments(query: string): string[] {
  return ['-NoProfile', '-NonInteractive', '-Command', query];
}
