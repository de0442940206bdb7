import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requests } from '../../../src/protocol/messages';
import { useBroker } from '../../support/brokerHarness';
import { failureOf } from '../../support/failsWith';
import { useLeakCheck } from '../../support/leakCheck';

const secret = 'hunter2-9f8e7d6c';

describe('a secret of the environment', function () {
  this.timeout(40_000);
  const told: string[] = [];
  const broker = useBroker();
  useLeakCheck(10_000);

  /** Starts it with the secret in the environment; answers all that anybody is told or could read of it. */
  const everythingToldOf = async (definition: object): Promise<string> => {
    const b = broker();
    told.length = 0;
    const link = b.connect({ log: (_level, message) => told.push(message) });
    link.onBackendsChanged((change) => told.push(JSON.stringify(change)));
    await b.declare({ api: definition });
    const environment = { PATH: process.env['PATH'] ?? '', API_SECRET: secret };
    const wish = { key: b.key('api'), origin: 'person' as const, environment };
    const failure = await failureOf(b.link.request(requests.start, wish)).catch(() => undefined);
    const details = await b.link.request(requests.details, { key: b.key('api') });
    const diary = join(b.stateDir, 'broker.log');
    const log = b.logFileOf('api');
    return JSON.stringify([
      ...[failure, details, b.view('api'), told, b.brokerSaid()],
      ...[diary, log].map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')),
    ]);
  };

  const places: Readonly<Record<string, object>> = {
    'a folder that is missing': { command: ['true'], cwd: '${env:API_SECRET}/nowhere' },
    'a program that is missing': { command: ['./${env:API_SECRET}'] },
    'an env file that is missing': { command: ['sleep', '0.1'], envFile: ['${env:API_SECRET}.env'] },
    'an env file that is a folder': { command: ['true'], envFile: ['/proc/self/../self/${env:API_SECRET}/..'] },
    'an argument of a program that fails': { command: ['sh', '-c', 'exit 3', '--', '${env:API_SECRET}'] },
    'a probe': {
      command: ['sleep', '60'],
      ready: { http: '/?key=${env:API_SECRET}', timeout: '300ms' },
      port: 'auto',
    },
    'a value of env': { command: ['sh', '-c', 'exit 4'], env: { COPY: 'x${env:API_SECRET}' } },
  };
  for (const [place, definition] of Object.entries(places)) {
    it(`is told nowhere when it stands in ${place}`, async () => {
      const everything = await everythingToldOf(definition);
      assert.match(everything, /api/);
      assert.equal(everything.includes(secret), false, everything);
    });
  }
});
