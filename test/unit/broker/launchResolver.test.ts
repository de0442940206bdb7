import assert from 'node:assert/strict';
import { resolveLaunch, type Neighbours } from '../../../src/broker/launchResolver';
import type { Launch } from '../../../src/broker/launch';
import { FakeMachine } from './fakeMachine';

const alone: Neighbours = { find: () => undefined, declaredPorts: () => new Set(), isOurs: () => false };

function launchOf(definition: object, platform: string): Promise<Launch> {
  const machine = new FakeMachine({ command: 'x', ...definition });
  const request = { origin: 'person', environment: {}, trusted: true } as const;
  return resolveLaunch(machine.record, request, { ...machine.ports(), platform }, alone);
}

describe('a launch of a backend that says itself that it is ready', () => {
  it('has a file for it beside its log, and the number in its environment', async () => {
    const { readyFile, env } = await launchOf({ ready: { fd: 4 } }, 'linux');
    assert.deepEqual(readyFile, { fd: 4, path: '/log.ready' });
    assert.equal(env['READY_FD'], '4');
    const other = await launchOf({ ready: { log: 'up' } }, 'linux');
    assert.equal(other.readyFile, undefined);
    assert.equal('READY_FD' in other.env, false);
  });

  it('gets its port as a socket where it shall, and stands behind a gateway then', async () => {
    const activated = { port: 4000, socketActivation: true, ready: { http: '/' } };
    const { listenOn, port, publicPort, env } = await launchOf(activated, 'linux');
    assert.equal(publicPort, 4000);
    assert.equal(listenOn, port);
    assert.notEqual(port, publicPort);
    assert.equal(env['LISTEN_FDS'], '1');
    await assert.rejects(launchOf(activated, 'win32'), /socketActivation.*does not work on Windows/);
  });

  it('is refused on Windows, with what to do instead', async () => {
    await assert.rejects(launchOf({ ready: { fd: 3 } }, 'win32'), ({ failure }: { failure: object }) => {
      assert.match(
        JSON.stringify(failure),
        /invalidConfig.*"api.*ready\.fd.*does not work on Windows.*line of its output/,
      );
      return true;
    });
  });
});
