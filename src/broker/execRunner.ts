import type { Clock } from '../base/clock';
import { runCommand, type CommandOptions } from '../platform/process/runCommand';
import type { ExecRunner } from '../probes/probe';

const keptOutput = 300;

/** Runs the program of an exec probe where, and with what, its backend runs. */
export function execRunner(where: Pick<CommandOptions, 'cwd' | 'env' | 'keep'>, clock: Clock): ExecRunner {
  return async (argv, { timeoutMs, signal }) => {
    const result = await runCommand(argv, { ...where, timeoutMs, signal, clock });
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
