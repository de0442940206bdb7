import type { ProbeDefinition, ReadyDefinition } from '../model/backendDefinition';
import { allProbes } from './allProbes';
import { describeProbe, logText } from './describeProbe';
import { createExecProbe } from './execProbe';
import { createFdProbe } from './fdProbe';
import { createGrpcProbe } from './grpcProbe';
import { createHttpProbe } from './httpProbe';
import { createLogProbe } from './logProbe';
import type { Probe, ProbeContext } from './probe';
import { createNoProbe, createSettleProbe } from './settleProbe';
import { createTcpProbe } from './tcpProbe';
import { createUnixProbe } from './unixProbe';

/** `written`: the same probe before its variables were filled in; only that is ever shown. */
export function createProbe(definition: ProbeDefinition, context: ProbeContext, written = definition): Probe {
  const describe = describeProbe(written, context.port);
  switch (definition.kind) {
    case 'tcp':
      return createTcpProbe(definition, context, describe);
    case 'http':
      return createHttpProbe(definition, context, {
        describe,
        body: written.kind === 'http' ? written.body : undefined,
      });
    case 'log':
      return createLogProbe(definition, context, logText(written.kind === 'log' ? written : definition));
    case 'exec':
      return createExecProbe(definition, context, {
        describe,
        program: written.kind === 'exec' ? written.argv[0] : undefined,
      });
    case 'grpc':
      return createGrpcProbe(definition, context, describe);
    case 'unix':
      return createUnixProbe(definition, describe);
    case 'fd':
      return createFdProbe(context, describe);
  }
}

/** What one run must show: probes with their variables filled in, and the same ones as they were written. */
export interface ReadinessDefinition extends Pick<ReadyDefinition, 'probes' | 'withoutProbes'> {
  readonly written?: readonly ProbeDefinition[];
}

/** Everything one run must show before it is ready. Create it when the run begins, dispose it when it is decided. */
export function createReadinessProbe(ready: ReadinessDefinition, context: ProbeContext): Probe {
  if (ready.probes.length > 0) {
    return allProbes(ready.probes.map((probe, index) => createProbe(probe, context, ready.written?.[index])));
  }
  return ready.withoutProbes === 'settle' ? createSettleProbe(context.clock) : createNoProbe();
}
