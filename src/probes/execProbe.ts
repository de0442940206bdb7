import { errorMessage } from '../base/errors';
import type { ExecProbeDefinition } from '../model/backendDefinition';
import { durationInWords } from '../platform/net/duration';
import type { ProbeOutcome } from '../platform/net/types';
import { lookingProbe } from './lookingProbe';
import type { ExecResult, Probe, ProbeContext } from './probe';

/** `shown`: what messages may tell of the definition. */
export function createExecProbe(
  definition: ExecProbeDefinition,
  context: ProbeContext,
  shown: { readonly describe: string; readonly program: string | undefined },
): Probe {
  const [program = ''] = definition.argv;
  let running = false;
  return lookingProbe(shown.describe, async (limits) => {
    // A slow program must not be started again and again beside itself; the look in progress will tell.
    if (running) return { ok: false, saw: 'the program is still running' };
    running = true;
    try {
      const result = await context.run(definition.argv, limits);
      if (result.kind !== 'notStarted') return judge(result, limits.timeoutMs);
      return { ok: false, saw: result.message.replaceAll(program, shown.program ?? program) };
    } catch (error) {
      return { ok: false, saw: errorMessage(error) };
    } finally {
      running = false;
    }
  });
}

function judge(result: Exclude<ExecResult, { kind: 'notStarted' }>, timeoutMs: number): ProbeOutcome {
  switch (result.kind) {
    case 'exited': {
      if (result.code === 0) return { ok: true, saw: 'exit 0' };
      const lastLine = (result.output ?? '').trimEnd().split('\n').at(-1)?.slice(0, 200) ?? '';
      return { ok: false, saw: `exit ${result.code}${lastLine === '' ? '' : `: ${lastLine}`}` };
    }
    case 'signalled':
      return { ok: false, saw: `ended by ${result.signal}` };
    case 'timedOut':
      return { ok: false, saw: `timed out after ${durationInWords(timeoutMs)}` };
    case 'cancelled':
      return { ok: false, saw: 'cancelled' };
  }
}
