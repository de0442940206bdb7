import { stat } from 'node:fs/promises';

/** In bytes; 0 for a file that is not there, or cannot be looked at. */
export function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
