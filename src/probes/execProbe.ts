import { errorMessage } from '../base/errors';
import type { ExecProbeDefinition } from '../model/backendDefinition';
import { durationInWords } from '../platform/net/duration';
import type { ProbeOutcome } from '../platform/net/types';
import { lookingProbe } from './lookingProbe';
import type { ExecResult, Probe, ProbeContext } from './probe';

export function createExecProbe(definition: ExecProbeDefinition, context: ProbeContext): Probe {
  let running = false;
  return lookingProbe(`exec ${definition.argv.join(' ')}`, async (limits) => {
    // A slow program must not be started again and again beside itself; the look in progress will tell.
    if (running) return { ok: false, saw: 'the program is still running' };
    running = true;
    try {
      return judge(await context.run(definition.argv, limits), limits.timeoutMs);
    } catch (error) {
      return { ok: false, saw: errorMessage(error) };
    } finally {
      running = false;
    }
  });
}

function judge(result: ExecResult, timeoutMs: number): ProbeOutcome {
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
    case 'notStarted':
      return { ok: false, saw: result.message };
  }
}
