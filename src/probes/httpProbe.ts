import type { HttpProbeDefinition } from '../model/backendDefinition';
import { httpOnce, requestHead, type HttpResult } from '../platform/net/httpOnce';
import type { ProbeOutcome } from '../platform/net/types';
import { probeLoopback } from './loopbackProbe';
import { lookingProbe } from './lookingProbe';
import type { Probe, ProbeContext } from './probe';

/** `shown`: what messages may tell of the definition. */
export function createHttpProbe(
  definition: HttpProbeDefinition,
  context: ProbeContext,
  shown: { readonly describe: string; readonly body: string | undefined },
): Probe {
  const { scheme, method, path, headers, body, status: ranges } = definition;
  const accepts = (status: number): boolean => ranges.some(([low, high]) => status >= low && status <= high);
  const bodyWords = body === undefined ? undefined : JSON.stringify(shown.body ?? '…');
  let asked: { readonly port: number; readonly head: ReturnType<typeof requestHead> } | undefined;
  return lookingProbe(shown.describe, async (limits) => {
    const port = context.port;
    if (port === undefined) return { ok: false, saw: 'the backend has no port' };
    if (asked?.port !== port) asked = { port, head: requestHead({ port, method, path, headers }) };
    const { head } = asked;
    return probeLoopback(port, limits, context, async (address, each) => {
      const wanted = body === undefined ? {} : { body: { text: body, whenStatus: accepts } };
      return judge(
        await httpOnce({ scheme, address, port, method, path, headers, ...wanted }, each, head),
        accepts,
        bodyWords,
      );
    });
  });
}

function judge(result: HttpResult, accepts: (status: number) => boolean, bodyWords: string | undefined): ProbeOutcome {
  if (result.kind !== 'answered') {
    return { ok: false, saw: result.saw, ...(result.connected ? { connected: true } : {}) };
  }
  const saw = `HTTP ${result.status}`;
  if (!accepts(result.status)) return { ok: false, saw, connected: true };
  if (bodyWords !== undefined && result.bodyHasText !== true) {
    return { ok: false, saw: `${saw}, but the body has no ${bodyWords}`, connected: true };
  }
  return { ok: true, saw, connected: true };
}
