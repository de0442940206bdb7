import assert from 'node:assert/strict';
import { useBroker } from '../../support/brokerHarness';
import { useTempDir } from '../../support/tempDir';
import { allocatePort, isPortFree } from '../../../src/platform/net/freePort';
import { shapes } from './shapes';
import { runTrial } from './trial';
import { ours } from './way';

/** Held by other tests, or too long for the ring: `npm run bench -- shapes` has them all. */
const inTheRing: readonly string[] = [
  'npm run → npm run',
  'npx',
  'node --watch',
  'Python reloader that ends at once (Werkzeug)',
  'sh -c "a | b"',
  'Python reloader that sends it on (uvicorn)',
  'sh with a trap that cleans up',
  'sh with a trap that sends it on',
  'child of a child that ignores SIGHUP',
  'daemon with a pid file',
  'child born during the stop, in its own session',
];

describe('a stop of a backend that is made of', function () {
  this.timeout(90_000);
  const harness = useBroker();
  const scratch = useTempDir();

  for (const name of inTheRing) {
    it(`${name}: leaves nothing, tells each program once and lets it finish`, async () => {
      const shape = shapes.find((one) => one.name === name);
      assert.ok(shape !== undefined);
      const outcome = await runTrial(shape, ours(harness(), {}), {
        scratch: scratch(),
        bin: scratch(),
        env: { PATH: process.env['PATH'] ?? '', HOME: scratch(), npm_config_update_notifier: 'false' },
        nextPort: async () => (await allocatePort(isPortFree)) ?? 0,
      });
      const { problem, atReport, terms, cutOff } = outcome;
      const apps = shape.apps ?? ['app'];
      assert.deepEqual(
        { problem, atReport, terms, cutOff },
        { problem: undefined, atReport: [], terms: apps.map(() => 1), cutOff: [] },
      );
    });
  }
});
