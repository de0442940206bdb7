import { createHash } from 'node:crypto';
import type { BackendDefinition, BackendKey } from '../model/backendDefinition';
import { fingerprintOf } from './launchFacts';

/** What one definition is known by. */
export interface DefinitionIdentity {
  readonly definition: BackendDefinition;
  /** Of what a process is started with. */
  readonly fingerprint: string;
  /** Of the backend, its launch and its readiness, as a hash. */
  readonly startId: string;
}

export function identify(key: BackendKey, definition: BackendDefinition): DefinitionIdentity {
  const fingerprint = fingerprintOf(definition);
  const { probes, withoutProbes } = definition.ready;
  const text = JSON.stringify([key, fingerprint, probes, withoutProbes]);
  return { definition, fingerprint, startId: createHash('sha256').update(text).digest('hex').slice(0, 16) };
}
