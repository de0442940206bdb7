import assert from 'node:assert/strict';
import { CancellationSource, neverCancelled, type CancellationSignal } from '../../../src/base/cancellation';
import type { Disposable } from '../../../src/base/lifecycle';
import { Slots } from '../../../src/broker/slots';
import { settle } from './steps';

interface Asking {
  readonly granted: readonly string[];
  readonly ask: (name: string, cancel?: CancellationSignal, priority?: () => number) => void;
  readonly free: (name: string) => void;
}

describe('slots', () => {
  /** Asks and notes the order in which slots are granted. */
  const asking = (slots: Slots<string>): Asking => {
    const granted: string[] = [];
    const held = new Map<string, Disposable>();
    const ask = (name: string, cancel: CancellationSignal = neverCancelled, priority?: () => number): void => {
      void slots.acquire({ holder: name, cancel, ...(priority && { priority }) }).then((slot) => {
        granted.push(slot === undefined ? `${name} left` : name);
        if (slot !== undefined) held.set(name, slot);
      });
    };
    return { granted, ask, free: (name: string): void => held.get(name)?.dispose() };
  };

  it('are given in order, and never more than there are', async () => {
    const { granted, ask, free } = asking(new Slots<string>(2));
    for (const name of ['a', 'b', 'c', 'd']) ask(name);
    await settle();
    assert.deepEqual(granted, ['a', 'b']);
    free('b');
    await settle();
    assert.deepEqual(granted, ['a', 'b', 'c']);
    free('a');
    free('a');
    await settle();
    assert.deepEqual(granted, ['a', 'b', 'c', 'd'], 'a slot given back twice is one slot');
  });

  it('skip those who were cancelled while they waited', async () => {
    const { granted, ask, free } = asking(new Slots<string>(1));
    const cancel = new CancellationSource();
    ask('a');
    ask('b', cancel);
    ask('c');
    await settle();
    cancel.cancel();
    await settle();
    free('a');
    await settle();
    assert.deepEqual(granted, ['a', 'b left', 'c']);
  });

  it('go to whoever matters most when one becomes free, as things are then', async () => {
    const { granted, ask, free } = asking(new Slots<string>(1));
    const matters = new Map([
      ['b', 1],
      ['c', 3],
      ['d', 2],
    ]);
    ask('a');
    for (const name of ['b', 'c', 'd']) ask(name, neverCancelled, () => matters.get(name) ?? 0);
    await settle();
    matters.set('c', 0);
    for (const name of ['a', 'd', 'b']) {
      free(name);
      await settle();
    }
    assert.deepEqual(granted, ['a', 'd', 'b', 'c']);
  });

  it('are not given to somebody who is cancelled already', async () => {
    const slots = new Slots<string>(1);
    const cancel = new CancellationSource();
    cancel.cancel();
    assert.equal(await slots.acquire({ holder: 'a', cancel }), undefined);
    assert.ok(await slots.acquire({ holder: 'b', cancel: neverCancelled }), 'it has taken nothing');
    assert.equal(slots.isWanted, false);
  });

  it('tell_those_who_wait_who_has_them_now_and_whenever_that_changes', async () => {
    const slots = new Slots<string>(2);
    const { ask, free } = asking(slots);
    for (const name of ['a', 'b', 'c']) ask(name);
    await settle();
    const told: (readonly string[])[] = [];
    void slots.acquire({ holder: 'd', cancel: neverCancelled, waitsBehind: (holders) => told.push(holders) });
    assert.deepEqual(told, [['a', 'b']]);
    assert.equal(slots.isWanted, true);
    free('a');
    assert.deepEqual(told.at(-1), ['b', 'c']);
    free('b');
    await settle();
    assert.equal(slots.isWanted, false);
    assert.equal(told.length, 2, 'who has one is told nothing more');
  });

  it('serve those who wait when the limit is raised, and drain when it is lowered', async () => {
    const slots = new Slots<string>(1);
    const { granted, ask, free } = asking(slots);
    for (const name of ['a', 'b', 'c', 'd']) ask(name);
    slots.setLimit(3);
    await settle();
    assert.deepEqual(granted, ['a', 'b', 'c']);
    slots.setLimit(1);
    free('a');
    free('b');
    await settle();
    assert.deepEqual(granted, ['a', 'b', 'c']);
    free('c');
    await settle();
    assert.deepEqual(granted, ['a', 'b', 'c', 'd']);
  });
});
