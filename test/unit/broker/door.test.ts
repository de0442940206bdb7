import assert from 'node:assert/strict';
import { Door } from '../../../src/broker/door';

describe('Door', () => {
  it('lets those in who wait when it is opened, in order, and at once who comes later', () => {
    const entered: string[] = [];
    const door = new Door<{ readonly name: string; readonly destroyed: boolean }>(({ name }) => entered.push(name));
    for (const name of ['a', 'b']) door.arrive({ name, destroyed: false });
    assert.deepEqual(entered, []);
    door.open();
    door.arrive({ name: 'c', destroyed: false });
    assert.deepEqual(entered, ['a', 'b', 'c']);
  });

  it('lets nobody in who has left while it was closed', () => {
    const entered: string[] = [];
    const door = new Door<{ readonly name: string; destroyed: boolean }>(({ name }) => entered.push(name));
    const visitor = { name: 'a', destroyed: false };
    door.arrive(visitor);
    visitor.destroyed = true;
    door.open();
    assert.deepEqual(entered, []);
  });
});
