import assert from 'node:assert/strict';
import { ChangeOutbox, LogOutbox, type LogLine } from '../../../src/broker/outbox';
import { settle } from './steps';

/** A client that takes a message when it is told to. */
class SlowClient<T> {
  readonly sent: T[] = [];
  private readonly taken: (() => void)[] = [];

  readonly send = (message: T): Promise<void> => {
    this.sent.push(message);
    return new Promise((resolve) => this.taken.push(resolve));
  };

  async take(): Promise<void> {
    this.taken.shift()?.();
    await settle();
  }
}

describe('changes told to a slow client', () => {
  it('are one message at a time, with each backend once in the next', async () => {
    const client = new SlowClient<readonly string[]>();
    const outbox = new ChangeOutbox(client.send);
    outbox.tell(['a']);
    for (let change = 0; change < 1_000; change++) outbox.tell(['b', change % 2 ? 'a' : 'c']);
    assert.deepEqual(client.sent, [['a']]);
    await client.take();
    assert.deepEqual(client.sent, [['a'], ['b', 'c', 'a']]);
    await client.take();
    assert.equal(client.sent.length, 2, 'nothing is told twice');
    outbox.tell(['d']);
    assert.deepEqual(client.sent.at(-1), ['d']);
  });

  it('go out before an answer, whatever is under way', async () => {
    const client = new SlowClient<readonly string[]>();
    const outbox = new ChangeOutbox(client.send);
    outbox.tell(['a']);
    outbox.tell(['b']);
    outbox.sendNow();
    outbox.sendNow();
    assert.deepEqual(client.sent, [['a'], ['b']]);
    outbox.tell(['c']);
    await client.take();
    assert.equal(client.sent.length, 2, 'one is still under way');
    await client.take();
    assert.deepEqual(client.sent.at(-1), ['c']);
  });

  it('go on after one that could not be sent', async () => {
    const sent: (readonly string[])[] = [];
    const outbox = new ChangeOutbox((keys) => {
      sent.push(keys);
      return Promise.reject(new Error('closed'));
    });
    outbox.tell(['a']);
    outbox.tell(['b']);
    await settle();
    assert.deepEqual(sent, [['a'], ['b']]);
  });
});

describe('log lines told to a slow client', () => {
  it('are bounded, and what it missed is counted once it reads again', async () => {
    const client = new SlowClient<LogLine>();
    const outbox = new LogOutbox(client.send);
    for (let line = 0; line < 1_000; line++) outbox.tell({ level: 'info', message: `line ${line}` });
    assert.equal(client.sent.length, 200);
    for (let line = 0; line < 200; line++) await client.take();
    assert.deepEqual(client.sent.slice(200), [
      { level: 'warn', message: '800 lines were not told here; broker.log has them' },
    ]);
    await client.take();
    outbox.tell({ level: 'info', message: 'again' });
    assert.equal(client.sent.at(-1)?.message, 'again');
  });
});
