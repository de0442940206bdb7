import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, useBroker } from '../../support/brokerHarness';
import { hostileProgram } from '../../support/hostileProgram';
import { processesWith } from '../../support/leakCheck';
import { waitUntil } from '../../support/waitUntil';

describe('a broker that is killed and not replaced', function () {
  this.timeout(40_000);
  const broker = useBroker();

  it('leaves nothing behind: its leash ends each backend with one signal', async () => {
    const b = broker();
    const count = join(b.root, 'count');
    await b.declare({
      counts: { command: hostileProgram('countsTerms.mjs', count), ready: { log: 'up' } },
      escapes: { command: hostileProgram('setsidChild.mjs'), ready: { log: 'child' } },
    });
    await b.start('counts');
    await b.start('escapes');
    // Nobody is left who would start another one.
    b.link.dispose();
    process.kill(b.brokerPid ?? 0, 'SIGKILL');
    await waitUntil('everything to be gone', () => processesWith(b.root).length === 0, 20_000);
    assert.equal(readFileSync(count, 'utf8'), '1');
    assert.equal(isAlive(b.brokerPid ?? 0), false);
  });

  it('leaves no probe behind that it was just making', async () => {
    const b = broker();
    const asked = { command: hostileProgram('neverListens.mjs'), ready: { exec: ['sleep', '61'], timeout: '60s' } };
    await b.declare({ asked });
    b.start('asked').catch(() => {});
    await waitUntil('the probe', () => processesWith(b.root).some((seen) => seen.includes('sleep 61')));
    b.link.dispose();
    process.kill(b.brokerPid ?? 0, 'SIGKILL');
    await waitUntil('everything to be gone', () => processesWith(b.root).length === 0, 20_000);
  });
});
