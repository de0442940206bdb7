import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { requests, type StartOrigin } from '../../../src/protocol/messages';
import { recordDirectory } from '../../../src/protocol/brokerPlaces';
import { useBroker } from '../../support/brokerHarness';
import { failsWith } from '../../support/failsWith';
import { useLeakCheck } from '../../support/leakCheck';
import { startTraced } from '../../support/tracedBroker';

const origins: readonly StartOrigin[] = ['person', 'api', 'task', 'autoStart', 'agent', 'restartPolicy', 'wake'];

/** Every way in which a definition names something that is run. */
const hostile = {
  text: { command: 'touch ran; sleep 60', autoStart: true },
  argv: { command: ['touch', 'ran'], autoStart: true, restart: 'onFailure' },
  probed: { command: ['sleep', '60'], ready: { exec: ['touch', 'ran'] }, liveness: { exec: ['touch', 'ran'] } },
  once: { command: ['touch', 'ran'], oneShot: true },
  needing: { command: ['sleep', '60'], dependsOn: ['once'], envFile: ['.env'], cwd: '..' },
};

describe('an untrusted workspace', function () {
  this.timeout(60_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('executes no program, whoever asks and in whatever way: the broker calls execve once, for itself', async () => {
    const b = broker();
    const trace = await startTraced(b, 'execve,execveat');
    await b.declare(hostile, false);
    for (const name of Object.keys(hostile)) {
      const key = b.key(name);
      for (const origin of origins) {
        const wish = { key, origin, environment: { PATH: process.env['PATH'] ?? '' } };
        await assert.rejects(b.link.request(requests.start, wish), failsWith('untrusted'));
      }
      const again = { key, origin: 'person' as const, environment: {} };
      await assert.rejects(b.link.request(requests.restart, again), failsWith('untrusted'));
      await assert.rejects(b.link.request(requests.sleepNow, { key }), failsWith('cancelled'));
      await b.link.request(requests.markActivity, { key });
      await b.link.request(requests.details, { key });
      await b.link.request(requests.processTree, { key });
      await b.link.request(requests.stop, { key, cause: 'by the test' });
    }
    const executed = (await trace()).split('\n').filter((line) => line.includes('exec'));
    assert.equal(executed.length, 1, executed.join('\n'));
    assert.equal(existsSync(join(b.folder, 'ran')), false);
    assert.deepEqual(b.brokerPids, [], 'the window started no other broker');
    assert.ok(existsSync(recordDirectory(b.stateDir)));
  });
});
