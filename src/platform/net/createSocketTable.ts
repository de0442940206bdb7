import type { OsName } from '../os';
import { CommandSocketTable, type RunForOutput } from './commandSocketTable';
import { listenerCommand } from './listenerCommands';
import { ProcSocketTable } from './procSocketTable';
import type { SocketTable } from './socketTable';

/** The table of this machine. `ownPid` is the process that probes. */
export function createSocketTable(os: OsName, ownPid: number, run: RunForOutput): SocketTable {
  return os === 'linux' ? new ProcSocketTable(ownPid) : new CommandSocketTable(listenerCommand(os), run);
}
