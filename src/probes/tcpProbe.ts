import type { TcpProbeDefinition } from '../model/backendDefinition';
import { connectOnce } from '../platform/net/tcpConnect';
import { probeLoopback } from './loopbackProbe';
import { lookingProbe } from './lookingProbe';
import type { Probe, ProbeContext } from './probe';

export function createTcpProbe(definition: TcpProbeDefinition, context: ProbeContext, describe: string): Probe {
  return lookingProbe(describe, async (limits) => {
    const port = definition.port ?? context.port;
    if (port === undefined) return { ok: false, saw: 'the backend has no port' };
    return probeLoopback(port, limits, context, async (address, each) => {
      const result = await connectOnce({ address, port }, each);
      if (result.kind === 'connected') return { ok: true, saw: 'connected', connected: true };
      return { ok: false, saw: result.saw };
    });
  });
}
