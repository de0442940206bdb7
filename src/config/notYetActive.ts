import type { ConfigProblemCode, ConfigProblemSeverity } from './problem';

export interface NotYetActive {
  /** Key path inside a backend, joined with dots. */
  readonly key: string;
  /** Values for which the option asks for nothing beyond what happens anyway. */
  readonly except?: readonly unknown[];
  readonly severity: ConfigProblemSeverity;
  readonly code: ConfigProblemCode;
  readonly message: string;
}

/**
 * Options of the file format that this version reads but does not act on. Said at their place instead of being
 * passed over; a row goes away with the version that acts on it.
 */
export const notYetActive: readonly NotYetActive[] = [];
