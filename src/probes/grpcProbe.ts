import type { GrpcProbeDefinition } from '../model/backendDefinition';
import { grpcHealthOnce, type GrpcHealth } from '../platform/net/grpcHealth';
import type { ProbeOutcome } from '../platform/net/types';
import { probeLoopback } from './loopbackProbe';
import { lookingProbe } from './lookingProbe';
import type { Probe, ProbeContext } from './probe';

export function createGrpcProbe(definition: GrpcProbeDefinition, context: ProbeContext, describe: string): Probe {
  const { service } = definition;
  return lookingProbe(describe, async (limits) => {
    const port = context.port;
    if (port === undefined) return { ok: false, saw: 'the backend has no port' };
    return probeLoopback(port, limits, context, async (address, each) =>
      judge(await grpcHealthOnce({ address, port, service }, each)),
    );
  });
}

function judge(health: GrpcHealth): ProbeOutcome {
  switch (health.kind) {
    case 'answered':
      return { ok: health.status === 'SERVING', saw: health.status, connected: true };
    case 'rpcError':
      return { ok: false, saw: `gRPC error ${health.code}`, connected: true };
    default:
      return { ok: false, saw: health.saw, ...(health.connected ? { connected: true } : {}) };
  }
}
