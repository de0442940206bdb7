import assert from 'node:assert/strict';
import { useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';

describe('a backend that is woken a moment after it slept', function () {
  this.timeout(60_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('gets a longer idle timeout the third time, the waker is named, and a stop forgets it', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window();
    const activity = { cpu: false };
    const api = { command: ['node', 'server.cjs'], port: 'auto', ready: { http: '/' }, idleTimeout: '400ms', activity };
    await window.declare({ api });
    assert.equal((await window.start('api')).idle?.idleTimeoutMs, 400);
    for (let flap = 1; flap <= 3; flap++) {
      await window.waitFor('api', 'quiesced');
      const woken = await window.start('api');
      assert.equal(woken.idle?.idleTimeoutMs, flap < 3 ? 400 : 800, `wake ${flap}`);
    }
    assert.match(
      window.view('api').lastVerdict ?? '',
      /^woken: started by you, a moment after it fell asleep, and so 3 times in a short while; its idle timeout/,
    );
    assert.equal((await window.details('api')).stretchedBecauseOf, 'started by you');
    await window.stop('api');
    assert.equal((await window.start('api')).idle?.idleTimeoutMs, 400);
  });
});
