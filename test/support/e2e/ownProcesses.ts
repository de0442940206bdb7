import { readFileSync } from 'node:fs';
import { processesWithVariable } from '../runner/leaks';

const runMarker = /(^|\0)LOCAL_BACKENDS_RUN=/;
const brokerBundle = /\bbroker\.js\b/;

export interface OwnProcess {
  readonly pid: number;
  readonly command: string;
}

/** Living processes of backends of one state directory, told by the run marker in their environment. */
export function backendProcesses(stateDir: string): readonly OwnProcess[] {
  return ofStateDir(stateDir).filter(({ pid }) => runMarker.test(readProc(pid, 'environ')));
}

/** The brokers of one state directory. */
export function brokerProcesses(stateDir: string): readonly OwnProcess[] {
  return ofStateDir(stateDir).filter(({ command }) => brokerBundle.test(command));
}

/** False for a zombie too: it does nothing any more. */
export function isRunning(pid: number): boolean {
  return /^State:\s+[^ZX]/m.test(readProc(pid, 'status'));
}

export function commandLineOf(pid: number): string {
  return readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();
}

function ofStateDir(stateDir: string): readonly OwnProcess[] {
  return processesWithVariable(`LOCAL_BACKENDS_STATE_DIR=${stateDir}`);
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
