/** What every ring of `npm test` is and answers. */

export const ringNames = ['lint', 'unit', 'integration', 'faults', 'host', 'e2e'] as const;
export type RingName = (typeof ringNames)[number];

export interface RingCounts {
  readonly passed: number;
  readonly failed: number;
  /** What failed and why, repeated below everything: a long log is often read from its end alone. */
  readonly failures?: readonly string[];
  /** What passed at its second try only, and why it failed at its first. */
  readonly unsteady?: readonly string[];
}

export interface RingContext {
  /** The repository's root. */
  readonly root: string;
  /** Runs only what matches, where given. */
  readonly grep: string | undefined;
  /** The environment of everything the ring starts: carries the leak marker and a private TMPDIR. */
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
}

export interface Ring {
  readonly name: RingName;
  /** Gets what the ring needs; throws with a message for a person when that cannot be had. */
  readonly prepare: (context: RingContext) => Promise<void>;
  readonly run: (context: RingContext) => Promise<RingCounts>;
}

export function addCounts(a: RingCounts, b: RingCounts): RingCounts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    failures: [...(a.failures ?? []), ...(b.failures ?? [])],
    unsteady: [...(a.unsteady ?? []), ...(b.unsteady ?? [])],
  };
}

export function oneFailure(failure: string): RingCounts {
  return { passed: 0, failed: 1, failures: [failure] };
}

export const noCounts: RingCounts = { passed: 0, failed: 0 };
