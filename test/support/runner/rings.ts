import { runLintRing } from './lintRing';
import { runMochaRing } from './mochaRing';
import { ensurePrograms } from './programs';
import type { Ring } from './ring';

const minuteMs = 60_000;

export const rings: readonly Ring[] = [
  { name: 'lint', prepare: async () => {}, run: (context) => runLintRing(context, 5 * minuteMs) },
  {
    name: 'unit',
    prepare: async () => {},
    run: (context) => runMochaRing(context, { name: 'unit', killAfterMs: minuteMs, testTimeoutMs: 5_000 }),
  },
  {
    name: 'integration',
    prepare: (context) => ensurePrograms('integration', context),
    run: (context) => runMochaRing(context, { name: 'integration', killAfterMs: 8 * minuteMs, testTimeoutMs: 30_000 }),
  },
];
