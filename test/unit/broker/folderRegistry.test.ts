import assert from 'node:assert/strict';
import { FolderRegistry } from '../../../src/broker/folderRegistry';
import type { BackendDefinition } from '../../../src/model/backendDefinition';
import { FakeMachine } from './fakeMachine';

describe('folder registry', () => {
  it('does not forget a backend while something of it would not go', async () => {
    const machine = new FakeMachine({ command: 'x', port: 20_000 });
    const { record } = machine;
    const removed: string[] = [];
    const registry = new FolderRegistry(machine.clock, () => {}, {
      added: () => {},
      removed: (key) => void removed.push(key),
      isBusy: () => false,
    });
    const backends = ['api', 'web'].map((name) => ({ ...record.definition, name }));
    registry.declare('window', [
      { path: '/folder', name: 'folder', trusted: true, backends, defaultIdleTimeoutMs: 'never' },
    ]);
    await machine.actor.start({ origin: 'person', environment: {}, trusted: true }).done;
    const [api] = registry.recordsOf('/folder');
    assert.ok(api !== undefined);
    api.live = record.live;
    registry.release('window');
    registry.drop('/folder');
    assert.deepEqual(registry.recordsOf('/folder'), [api]);
    assert.deepEqual(removed, ['/folder#web']);
    api.live = undefined;
    registry.drop('/folder');
    assert.deepEqual(registry.paths(), []);
  });

  it('takes nothing but the problem from a definition with a slip while it runs', async () => {
    const machine = new FakeMachine({ command: 'x', port: 20_000, idleTimeout: '2m' });
    const registry = new FolderRegistry(machine.clock, () => {}, {
      added: () => {},
      removed: () => {},
      isBusy: () => false,
    });
    const { definition } = machine.record;
    const declare = (declared: BackendDefinition): void =>
      void registry.declare('window', [
        { path: '/folder', name: 'folder', trusted: true, backends: [declared], defaultIdleTimeoutMs: 30_000 },
      ]);
    declare(definition);
    const [api] = registry.recordsOf('/folder');
    assert.ok(api !== undefined);
    await machine.actor.start({ origin: 'person', environment: {}, trusted: true }).done;
    api.live = machine.record.live;
    const { idleTimeoutMs: ms, ...slip } = definition;
    assert.equal(ms, 120_000);
    declare({ ...slip, problem: 'a slip' });
    assert.deepEqual(api.definition, { ...definition, problem: 'a slip' });
    api.live = undefined;
    declare({ ...slip, problem: 'a slip' });
    assert.deepEqual(api.definition, { ...slip, problem: 'a slip' });
    declare(definition);
    assert.deepEqual(api.definition, definition);
  });
});
