import type { LogProbeDefinition, ProbeDefinition } from '../model/backendDefinition';
import { maskSecrets } from '../platform/process/maskSecrets';

/**
 * A probe in words. To be given the definition as it was written: what a variable stands for may be a secret, and
 * these words reach messages, logs and the clipboard.
 */
export function describeProbe(written: ProbeDefinition, port: number | undefined): string {
  switch (written.kind) {
    case 'tcp':
      return `tcp :${written.port ?? port ?? '?'}`;
    case 'http':
      return `${written.scheme} ${withoutQueryValues(written.path)}`;
    case 'log':
      return `log ${logText(written)}`;
    case 'exec':
      return maskSecrets(`exec ${written.argv.join(' ')}`);
    case 'grpc':
      return written.service === '' ? 'grpc health' : `grpc ${written.service}`;
    case 'unix':
      return `unix ${written.path}`;
    case 'fd':
      return `line end on descriptor ${written.fd}`;
  }
}

/** What a log probe waits for. */
export function logText({ pattern, regexFlags }: LogProbeDefinition): string {
  return regexFlags === undefined ? JSON.stringify(pattern) : `/${pattern}/${regexFlags}`;
}

function withoutQueryValues(path: string): string {
  return path.replace(/([?&][^=&#]*)=[^&#]*/g, '$1=***');
}
