import type { ProbeOutcome } from '../platform/net/types';
import { lookingProbe } from './lookingProbe';
import type { Probe, ProbeContext } from './probe';

/** Ready once the backend has said so on its descriptor; it stays so. */
export function createFdProbe({ said }: ProbeContext, describe: string): Probe {
  return lookingProbe(describe, () => Promise.resolve(outcomeOf(said?.())));
}

function outcomeOf(said: ReturnType<NonNullable<ProbeContext['said']>>): ProbeOutcome {
  if (said?.lineEnd === true) return { ok: true, saw: 'it said that it is ready' };
  if (said === undefined || said.bytes === 0) return { ok: false, saw: 'nothing was written to it' };
  return { ok: false, saw: `${said.bytes} bytes were written to it, but no line end` };
}
