import type { ProbeDefinition, ReadyDefinition } from '../model/backendDefinition';
import { allProbes } from './allProbes';
import { createExecProbe } from './execProbe';
import { createGrpcProbe } from './grpcProbe';
import { createHttpProbe } from './httpProbe';
import { createLogProbe } from './logProbe';
import type { Probe, ProbeContext } from './probe';
import { createNoProbe, createSettleProbe } from './settleProbe';
import { createTcpProbe } from './tcpProbe';
import { createUnixProbe } from './unixProbe';

export function createProbe(definition: ProbeDefinition, context: ProbeContext): Probe {
  switch (definition.kind) {
    case 'tcp':
      return createTcpProbe(definition, context);
    case 'http':
      return createHttpProbe(definition, context);
    case 'log':
      return createLogProbe(definition, context);
    case 'exec':
      return createExecProbe(definition, context);
    case 'grpc':
      return createGrpcProbe(definition, context);
    case 'unix':
      return createUnixProbe(definition);
  }
}

/** Everything one run must show before it is ready. Create it when the run begins, dispose it when it is decided. */
export function createReadinessProbe(
  ready: Pick<ReadyDefinition, 'probes' | 'withoutProbes'>,
  context: ProbeContext,
): Probe {
  if (ready.probes.length > 0) return allProbes(ready.probes.map((definition) => createProbe(definition, context)));
  return ready.withoutProbes === 'settle' ? createSettleProbe(context.clock) : createNoProbe();
}
