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

const accepted = { severity: 'information', code: 'notYetActive' } as const;

/**
 * Options of the file format that this version reads but does not act on. Said at their place instead of being
 * passed over; a row goes away with the version that acts on it.
 */
export const notYetActive: readonly NotYetActive[] = [
  {
    key: 'gateway',
    except: [false],
    ...accepted,
    message: 'The gateway is not active in this version: the backend listens on its public port itself.',
  },
  { key: 'activity.openStreams', ...accepted, message: '"openStreams" is not active in this version.' },
  { key: 'activity.ignorePaths', ...accepted, message: '"ignorePaths" is not active in this version.' },
  { key: 'activity.ignoreAgents', ...accepted, message: '"ignoreAgents" is not active in this version.' },
];
