import assert from 'node:assert/strict';
import { BackendRecord } from '../../../src/broker/backendRecord';
import { GatewayRoutes } from '../../../src/broker/gatewayRoutes';
import type { Launch } from '../../../src/broker/launch';
import type { BackendDefinition } from '../../../src/model/backendDefinition';
import { parseBackendsFile } from '../../../src/config/parse';
import type { RouteOptions } from '../../../src/gateway/gatewayEvents';
import { FakeMachine } from './fakeMachine';

function defined(...ignorePaths: string[]): BackendDefinition {
  const api = { command: 'node server ${port}', port: 3000, activity: { ignorePaths } };
  const [read] = parseBackendsFile(JSON.stringify({ backends: { api } }), { folderPath: '/folder' }).backends;
  if (read === undefined) throw new Error('the definition was not read');
  return read;
}

const launch: Launch = {
  command: ['node'],
  cwd: '/folder',
  realCwd: '/folder',
  env: {},
  ownNames: [],
  port: 4000,
  publicPort: 3000,
  gateway: { wakeOn: 'data', hosts: [] },
  probes: [],
  quiesce: undefined,
  liveness: undefined,
  logFile: '/log',
  fingerprint: 'f',
  whatRuns: 'w',
  windowEnvironment: {},
};

async function routed(): Promise<{ record: BackendRecord; routes: GatewayRoutes; told: string[] }> {
  const told: string[] = [];
  const machine = new FakeMachine({ command: ['server'], port: 20_000 });
  const configured = ({ ignorePaths }: RouteOptions): void => void told.push(`ignores ${ignorePaths.join(' ')}`);
  const openRoute = (publicPort: number, options: RouteOptions): Promise<never> => {
    configured(options);
    const route = {
      publicPort,
      lastCountedMs: undefined,
      leases: () => [],
      configure: configured,
      hold: () => told.push('hold'),
      dispose: () => told.push('closed'),
    };
    return Promise.resolve(route as never);
  };
  const routes = new GatewayRoutes(
    { ...machine.ports(), gateway: { openRoute } },
    {
      wake: () => Promise.resolve(),
      heldChanged: () => {},
      used: () => {},
      held: () => {},
      released: () => {},
    },
  );
  const record = new BackendRecord({ path: '/folder', name: 'folder' }, defined('/health'), machine.clock, (changed) =>
    routes.follow(changed),
  );
  assert.equal(await routes.take(record, launch), true);
  return { record, routes, told };
}

describe('GatewayRoutes', () => {
  it('follows an edit of what counts as use at once', async () => {
    const { record, told } = await routed();
    record.to('starting', '');
    record.definition = defined('/health', '/poll');
    record.changed();
    record.changed();
    assert.deepEqual(
      told.filter((text) => text !== 'hold'),
      ['ignores /health', 'ignores /health /poll'],
    );
  });

  it('keeps the port until the last of several restarts is over', async () => {
    const { record, routes, told } = await routed();
    record.to('starting', '');
    const ends: (() => void)[] = [];
    const restart = (): Promise<void> => routes.keepThrough(record, () => new Promise((resolve) => ends.push(resolve)));
    const both = [restart(), restart()];
    record.to('stopping', '');
    record.to('stopped', '');
    ends[0]?.();
    await both[0];
    assert.ok(!told.includes('closed'), 'the second one has yet to start it');
    ends[1]?.();
    await both[1];
    assert.equal(told.at(-1), 'closed', 'it was not started, and nobody is about to');
  });
});
