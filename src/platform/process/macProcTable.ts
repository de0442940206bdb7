import { outputOf, outputOfSync } from './launch';
import { seenBy, type MachineIdentity, type ProcTable } from './procTable';
import { parsePs, parsePsMarkers, psColumns } from './psOutput';
import type { ProcessStat } from './types';

const env = { PATH: '/bin:/usr/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

/** The process table where there is no /proc: macOS and other systems with a BSD `ps`. */
export class MacProcTable implements ProcTable {
  private known: MachineIdentity | undefined;

  machine(): MachineIdentity | undefined {
    if (!this.known) {
      const bootId = outputOfSync('sysctl', ['-n', 'kern.bootsessionuuid'], env)?.trim() ?? '';
      if (bootId !== '') this.known = { bootId, pidNamespace: 'host' };
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
    return outputOfSync('ps', ['-wwo', 'command=', '-p', String(pid)], env)?.trim() ?? '';
  }

  async stats(): Promise<readonly ProcessStat[]> {
    return seenBy('ps', parsePs((await outputOf('ps', ['-axwwo', psColumns], env)) ?? ''));
  }

  async markers(): Promise<ReadonlyMap<number, string>> {
    const printed = await outputOf('ps', ['-axEwwo', 'pid=,command='], env);
    if (printed === undefined) throw new Error('the environments of processes could not be read with ps');
    return parsePsMarkers(printed);
  }

  private lookAt(pid: number): ReturnType<typeof parsePs>[number] | undefined {
    return parsePs(outputOfSync('ps', ['-wwo', psColumns, '-p', String(pid)], env) ?? '')[0];
  }
}
