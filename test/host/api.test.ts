import assert from 'node:assert/strict';
import type { BackendSnapshot, LocalBackendsApiV1 } from '../../src/api';
import { accepts } from '../support/accepts';
import { backendsApi, isAlive, rejection, snapshotOf, stopEverything } from './workbench';

describe('exported API', () => {
  let api: LocalBackendsApiV1;
  before(async () => {
    api = await backendsApi();
  });
  afterEach(stopEverything);

  it('starts_a_backend_and_shows_it_ready_when_the_promise_settles', async () => {
    const ready = await api.start('api');
    assert.equal(ready.state, 'ready');
    assert.equal(ready.publicPort, 17_310);
    assert.ok(ready.pid !== undefined && isAlive(ready.pid));
    assert.equal(await accepts(17_310), true);
    assert.deepEqual([snapshotOf(api, 'api').state, snapshotOf(api, 'api').pid], ['ready', ready.pid]);
  });

  it('answers_a_start_of_a_ready_backend_at_once_with_the_same_process', async () => {
    const first = await api.start('api');
    const second = await api.start('api');
    assert.equal(second.pid, first.pid);
  });

  it('lets_concurrent_starts_share_one_process', async () => {
    const pids = (await Promise.all([api.start('api'), api.start('api'), api.start('host/api')])).map((b) => b.pid);
    assert.equal(new Set(pids).size, 1);
  });

  it('starts_what_a_backend_depends_on_first', async () => {
    await api.start('web');
    assert.deepEqual([snapshotOf(api, 'db').state, snapshotOf(api, 'web').state], ['ready', 'ready']);
  });

  it('stops_a_backend_until_no_process_is_left_and_the_port_is_free', async () => {
    const { pid } = await api.start('api');
    const stopped = await api.stop('api');
    assert.equal(stopped.state, 'stopped');
    assert.equal(snapshotOf(api, 'api').state, 'stopped');
    assert.ok(pid !== undefined && !isAlive(pid));
    assert.equal(await accepts(17_310), false);
  });

  it('puts_a_backend_to_sleep_and_starts_it_again', async () => {
    const first = await api.start('db');
    const asleep = await api.sleepNow('db');
    assert.equal(asleep.state, 'quiesced');
    assert.ok(first.pid !== undefined && !isAlive(first.pid));
    const again = await api.start('db');
    assert.equal(again.state, 'ready');
    assert.notEqual(again.pid, first.pid);
  });

  it('gives_a_hold_without_a_reason_one', async () => {
    await api.start('db');
    const hold = (api.hold as (name: string) => { dispose(): void })('db');
    const held = await api.waitForState('db', (b) => b.idle?.holds.some((h) => h.kind === 'api') === true);
    assert.deepEqual(
      held.idle?.holds.map((h) => typeof h.reason === 'string' && h.reason !== ''),
      [true],
    );
    hold.dispose();
  });

  it('shows_a_hold_while_it_lasts', async () => {
    await api.start('db');
    const hold = api.hold('db', 'a host test needs it');
    const held = await api.waitForState('db', (b) => b.idle?.holds.some((h) => h.kind === 'api') === true);
    assert.deepEqual(
      held.idle?.holds.map((h) => h.reason),
      ['a host test needs it'],
    );
    hold.dispose();
    hold.dispose();
    await api.waitForState('db', (b) => b.idle?.holds.length === 0);
  });

  it('counts_activity_from_outside', async () => {
    await api.start('db');
    const idle = await api.waitForState('db', (b) => (b.idle?.remainingMs ?? Infinity) < 3_599_000);
    await api.markActivity('db');
    assert.ok((snapshotOf(api, 'db').idle?.remainingMs ?? 0) > (idle.idle?.remainingMs ?? Infinity));
  });

  it('tells_changes_and_no_countdown', async () => {
    const heard: BackendSnapshot[] = [];
    const subscription = api.onDidChangeBackend((snapshot) => heard.push(snapshot));
    await api.start('db');
    const states = [...new Set(heard.filter((b) => b.name === 'db').map((b) => b.state))];
    assert.deepEqual(states, ['starting', 'ready']);
    heard.length = 0;
    await api.markActivity('db');
    await api.markActivity('db');
    await api.stop('db');
    assert.deepEqual([...new Set(heard.map((b) => b.state))], ['stopping', 'stopped']);
    subscription.dispose();
  });

  it('waits_for_a_state_and_gives_up_after_the_timeout', async () => {
    const waiting = api.waitForState('api', 'ready', { timeoutMs: 20_000 });
    await api.start('api');
    assert.equal((await waiting).state, 'ready');
    assert.equal((await api.waitForState('api', 'ready')).state, 'ready');
    const late = await rejection(api.waitForState('api', 'failed', { timeoutMs: 50 }));
    assert.equal(late.code, 'readyTimeout');
  });

  it('rejects_with_unknownBackend_for_a_name_nobody_declared', async () => {
    assert.equal((await rejection(api.start('nobody'))).code, 'unknownBackend');
    assert.equal((await rejection(api.waitForState('nobody', 'ready'))).code, 'unknownBackend');
    assert.throws(() => api.hold('nobody', 'x'), { code: 'unknownBackend' });
  });

  it('rejects_with_commandNotFound_for_a_program_that_is_not_there', async () => {
    const error = await rejection(api.start('absent'));
    assert.equal(error.code, 'commandNotFound');
    assert.match(error.message, /a-program-that-is-not-installed/);
    assert.equal(snapshotOf(api, 'absent').state, 'failed');
  });

  it('rejects_with_exit_code_and_last_lines_when_it_exits_before_ready', async () => {
    const error = await rejection(api.start('broken'));
    assert.equal(error.code, 'exitedBeforeReady');
    assert.equal(error.failure.exitCode, 3);
    assert.ok(error.failure.logTail.some((line) => line.includes('no configuration found')));
    const { state, failure } = snapshotOf(api, 'broken');
    assert.deepEqual([state, failure?.code, failure?.exitCode], ['failed', 'exitedBeforeReady', 3]);
  });
});
