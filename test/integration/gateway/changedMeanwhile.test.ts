import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { useBroker } from '../../support/brokerHarness';
import { get } from '../../support/gatewayClients';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';

/** Up when the file `go` is there. */
const gated = `
const { existsSync } = require('node:fs');
const look = () => (existsSync('go') ? console.log('up') : setTimeout(look, 20));
look();
setInterval(() => {}, 1_000);
`;

describe('a file that changes while a backend waits to be woken', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('changes nothing for this wake, and the backend says that a restart would', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    b.write('gated.cjs', gated);
    const api = { port: 'auto', gateway: true, ready: { http: '/' }, dependsOn: ['db'] };
    const db = { command: ['node', 'gated.cjs'], ready: { log: 'up' } };
    const declare = (which: string): Promise<void> =>
      b.declare({ db, api: { ...api, command: ['node', 'server.cjs', which] } });
    await declare('old');
    b.write('go', '');
    const { publicPort = 0 } = await b.start('api');
    await b.sleepNow('api');
    await b.sleepNow('db');
    rmSync(join(b.folder, 'go'));
    const answer = get(publicPort, '/');
    await b.waitFor('db', 'starting');
    await declare('new');
    b.write('go', '');
    assert.equal((await answer).status, 200);
    const woken = await b.waitFor('api', ({ state, restartToApply }) => state === 'ready' && restartToApply);
    assert.match(readFileSync(`/proc/${woken.pid}/cmdline`, 'latin1'), /\0old\0$/);
    await b.restart('api');
    const { pid } = await b.waitFor('api', ({ state, restartToApply }) => state === 'ready' && !restartToApply);
    assert.match(readFileSync(`/proc/${pid}/cmdline`, 'latin1'), /\0new\0$/);
  });
});
