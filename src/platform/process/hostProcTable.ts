import { osName } from '../os';
import { definedEnvironment } from './environment';
import { LinuxProcTable } from './linuxProcTable';
import { MacProcTable } from './macProcTable';
import type { ProcTable } from './procTable';
import { WindowsProcTable } from './windowsProcTable';

/** The process table of the machine this runs on. */
export function hostProcTable(): ProcTable {
  switch (osName()) {
    case 'linux':
      return new LinuxProcTable();
    case 'windows':
      return new WindowsProcTable(definedEnvironment(process.env));
    default:
      return new MacProcTable();
  }
}
