import { createHash } from 'node:crypto';
import { launchFingerprint } from '../config/fingerprint';
import type { BackendDefinition } from '../model/backendDefinition';
import type { Launch } from './launch';
import type { LaunchFacts } from './ledgerEntry';

/** Short, and without the values of the environment in it: it is written down. */
export function fingerprintOf(definition: BackendDefinition): string {
  return createHash('sha256').update(launchFingerprint(definition)).digest('hex');
}

/** What of a launch may be written down. */
export function launchFacts({ cwd, fingerprint, ownNames, port, publicPort }: Launch, logOffset: number): LaunchFacts {
  return {
    cwd,
    fingerprint,
    ownNames,
    logOffset,
    ...(port === undefined ? {} : { port }),
    ...(publicPort === undefined ? {} : { publicPort }),
  };
}
