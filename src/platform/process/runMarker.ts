import { randomBytes } from 'node:crypto';

/** The environment variable that tells, of any process, to which run it belongs. */
export const markerVariable = 'LOCAL_BACKENDS_RUN';

/** The same id on the log pump of a run: findable for a person, invisible to the family scan. */
export const pumpVariable = 'LOCAL_BACKENDS_LOG_OF';

const markerText = /^[0-9a-f]{32}$/;

/** A fresh 128-bit id in hex. */
export function newMarker(): string {
  return randomBytes(16).toString('hex');
}

/** Finds the marker in the raw environment of a process (`NAME=value`, NUL between entries). */
export function markerIn(environ: Buffer): string | undefined {
  const needle = `${markerVariable}=`;
  for (let at = environ.indexOf(needle); at >= 0; at = environ.indexOf(needle, at + 1)) {
    if (at > 0 && environ[at - 1] !== 0) continue;
    const value = environ.toString('latin1', at + needle.length, at + needle.length + 33).split('\0', 1)[0] ?? '';
    return markerText.test(value) ? value : undefined;
  }
  return undefined;
}
