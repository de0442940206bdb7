import { createHash } from 'node:crypto';
import { launchFingerprint, whatRuns } from '../config/fingerprint';
import type { BackendDefinition } from '../model/backendDefinition';
import type { Launch } from './launch';
import type { LaunchFacts } from './ledgerEntry';

/** Short, and without the values of the environment in it: it is written down. */
export function fingerprintOf(definition: BackendDefinition): string {
  return hashOf(launchFingerprint(definition));
}

/** In the same way, of all that may run because of it. */
export function whatRunsHash(definition: BackendDefinition): string {
  return hashOf(whatRuns(definition));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What of a launch may be written down. */
export function launchFacts(launch: Launch, logOffset: number): LaunchFacts {
  const { cwd, realCwd, fingerprint, whatRuns: runs, ownNames, port, publicPort } = launch;
  return {
    cwd,
    fingerprint,
    whatRuns: runs,
    ownNames,
    logOffset,
    ...(realCwd === undefined ? {} : { realCwd }),
    ...(port === undefined ? {} : { port }),
    ...(publicPort === undefined ? {} : { publicPort }),
  };
}
