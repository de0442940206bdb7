import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackendView } from '../../../src/model/snapshot';
import { requests } from '../../../src/protocol/messages';
import { useBroker } from '../../support/brokerHarness';
import { failureOf } from '../../support/failsWith';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';
import { waitUntil } from '../../support/waitUntil';

const secret = 'hunter2-9f8e7d6c';

describe('a secret of the environment', function () {
  this.timeout(60_000);
  const told: string[] = [];
  const broker = useBroker();
  useLeakCheck(10_000);

  const listen = (): void => {
    told.length = 0;
    const link = broker().connect({ log: (_level, message) => told.push(message) });
    link.onBackendsChanged((change) => told.push(JSON.stringify(change)));
    broker().link.onBackendsChanged((change) => told.push(JSON.stringify(change)));
  };

  const startIt = (): Promise<BackendView> => {
    const environment = { PATH: process.env['PATH'] ?? '', API_SECRET: secret };
    return broker().link.request(requests.start, { key: broker().key('api'), origin: 'person', environment });
  };

  /** All that anybody was told or could read of it so far. */
  const everythingTold = async (): Promise<string> => {
    const b = broker();
    const details = await b.link.request(requests.details, { key: b.key('api') });
    const diary = join(b.stateDir, 'broker.log');
    const log = b.logFileOf('api');
    return JSON.stringify([
      ...[details, b.view('api'), told, b.brokerSaid()],
      ...[diary, log].map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')),
    ]);
  };

  /** Of one that is started with the secret in the environment. */
  const everythingToldOf = async (definition: object): Promise<string> => {
    listen();
    await broker().declare({ api: definition });
    const failure = await failureOf(startIt()).catch(() => undefined);
    return JSON.stringify([failure, await everythingTold()]);
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

  it('is told nowhere by a broker that has taken the backend over', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const http = '/?key=${env:API_SECRET}';
    const definition = {
      ...{ command: ['node', '../server.cjs', '${env:API_SECRET}'], cwd: '${env:API_SECRET}', port: 'auto' },
      ...{ ready: { http }, liveness: { http, period: '1s' }, env: { COPY: 'x${env:API_SECRET}' } },
    };
    b.write(join(secret, 'kept'), '');
    await b.declare({ api: definition });
    const { pid = 0 } = await startIt();
    const first = b.brokerPid ?? 0;
    process.kill(first, 'SIGKILL');
    await waitUntil('a new broker', () => b.brokerPid !== first && b.link.state === 'connected', 20_000);
    listen();
    process.kill(pid, 'SIGSTOP');
    await b.waitFor('api', (view) => view.notAnswering !== undefined, 30_000);
    const whileSilent = await everythingTold();
    process.kill(pid, 'SIGCONT');
    process.kill(pid, 'SIGKILL');
    await b.waitFor('api', 'failed');
    for (const everything of [whileSilent, await everythingTold()]) {
      assert.match(everything, /not answering/);
      assert.equal(everything.includes(secret), false, everything);
    }
  });
});
