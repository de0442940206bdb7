import { provisionVsCode } from '../vscode/provision';
import { buildVsix } from '../vsix';
import { buildExtension } from './buildExtension';
import { runLintRing } from './lintRing';
import { runMochaRing } from './mochaRing';
import { ensurePrograms } from './programs';
import { runReportedChild } from './reportedChild';
import type { Ring } from './ring';

const minuteMs = 60_000;
/** Of a test that plays a person at a window on a slow machine. */
const windowTestTimeoutMs = 2 * minuteMs;

/** More rounds of the races take longer. */
function faultsLimitMs(): number {
  return process.env['LOCAL_BACKENDS_FAULT_ROUNDS'] === undefined ? 15 * minuteMs : 60 * minuteMs;
}

export const rings: readonly Ring[] = [
  { name: 'lint', prepare: async () => {}, run: (context) => runLintRing(context, 5 * minuteMs) },
  {
    name: 'unit',
    prepare: async () => {},
    run: (context) =>
      runMochaRing(context, { name: 'unit', killAfterMs: 3 * minuteMs, testTimeoutMs: 5_000, tries: 1 }),
  },
  {
    name: 'integration',
    prepare: (context) => ensurePrograms('integration', context),
    run: (context) =>
      runMochaRing(context, { name: 'integration', killAfterMs: 25 * minuteMs, testTimeoutMs: 30_000, tries: 2 }),
  },
  {
    name: 'faults',
    prepare: async () => {},
    // Races are run as often as LOCAL_BACKENDS_FAULT_ROUNDS says: the limit is for what hangs.
    run: (context) =>
      runMochaRing(context, { name: 'faults', killAfterMs: faultsLimitMs(), testTimeoutMs: 60_000, tries: 1 }),
  },
  {
    name: 'host',
    prepare: async (context) => {
      const vscode = await provisionVsCode({ print: context.print, want: 'any' });
      if (vscode.kind === 'server') await ensurePrograms('host', context);
      await buildExtension(context);
    },
    run: (context) => {
      const killAfterMs = 6 * minuteMs;
      const grep = context.grep === undefined ? [] : [context.grep];
      // The suite is given up before its whole process is, so that the window's log can be told.
      const args = [String(killAfterMs - minuteMs), ...grep];
      return runReportedChild(context, { main: 'hostMain.js', args, killAfterMs });
    },
  },
  {
    name: 'e2e',
    prepare: async (context) => {
      await ensurePrograms('e2e', context);
      await provisionVsCode({ print: context.print, want: 'server' });
      await buildVsix();
    },
    run: (context) =>
      runMochaRing(context, { name: 'e2e', killAfterMs: 10 * minuteMs, testTimeoutMs: windowTestTimeoutMs, tries: 2 }),
  },
];
