import { runCommand, type CommandOptions } from '../platform/process/runCommand';
import type { ExecRunner } from '../probes/probe';
import type { RunGuard } from './runGuard';

const keptOutput = 300;

export interface ExecPlace extends Pick<CommandOptions, 'cwd' | 'env' | 'clock'> {
  readonly keep: readonly string[];
  /** Sees to it that what carries the marker does not outlive this process. */
  readonly guard: Pick<RunGuard, 'whileGuarded'>;
}

/** Runs the program of an exec probe where, and with what, its backend runs. */
export function execRunner({ guard, ...where }: ExecPlace): ExecRunner {
  return async (argv, limits) => {
    const result = await guard.whileGuarded(where.keep, (marker) => runCommand(argv, { ...where, ...limits, marker }));
    switch (result.kind) {
      case 'exited': {
        const { code, signal } = result.status;
        if (signal !== undefined) return { kind: 'signalled', signal };
        return { kind: 'exited', code: code ?? -1, output: result.output.trim().slice(-keptOutput) };
      }
      case 'timedOut':
      case 'cancelled':
        return { kind: result.kind };
      case 'failed':
        return { kind: 'notStarted', message: result.problem.message };
    }
  };
}
