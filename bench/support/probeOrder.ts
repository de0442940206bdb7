/** What the runner tells the probe extension to do in a window, through a file in the window's folder. */

export const orderFile = 'bench-order.json';

/** Each answers with a report at `report`; a report with `error` tells what went wrong. */
export type ProbeOrder = { readonly report: string } & (
  | { readonly task: 'nothing' }
  | {
      readonly task: 'activate';
      /** Written before anything is activated, so that VS Code does not activate by itself. */
      readonly backendsFile: string;
      /** Activated one after the other, in this order. */
      readonly extensions: readonly string[];
    }
  | {
      readonly task: 'run';
      /** Started first and kept awake: they would be asleep before all others are up. */
      readonly keepAwake: readonly string[];
    }
);

/** From the call of `activate()` until it resolved, loading the code included. */
export interface ActivationTimes {
  readonly elapsedMs: number;
  /** Processor time of the extension host's main thread meanwhile: the same on a busy machine. */
  readonly cpuMs: number;
}

export interface ProbeReport {
  /** Of the extension host. */
  readonly pid: number;
  readonly error?: string;
  /** By extension id. */
  readonly activation?: Readonly<Record<string, ActivationTimes>>;
}
