import assert from 'node:assert/strict';
import { adoptAfterMs, takenPort, type TakenPortFacts } from '../../../src/model/takenPort';

function took(ports: readonly number[], facts: Partial<TakenPortFacts> = {}): ReturnType<typeof takenPort> {
  const places = ports.map((port) => ({ port, address: '127.0.0.1' }));
  return takenPort({ places, given: 30_000, publicPort: 3000, printed: [], ...facts });
}

describe('takenPort', () => {
  it('none_while_it_listens_nowhere_or_where_it_shall', () => {
    assert.deepEqual(took([]), { kind: 'none' });
    assert.deepEqual(took([5174, 30_000]), { kind: 'none' });
  });

  it('never_the_port_of_the_gateway_itself', () => {
    assert.deepEqual(took([3000]), { kind: 'none' });
  });

  it('never_one_that_loopback_does_not_reach', () => {
    assert.deepEqual(took([], { places: [{ port: 5174, address: '192.168.1.5' }] }), { kind: 'none' });
  });

  it('the_only_one_on_whatever_address_of_loopback', () => {
    for (const address of ['127.0.0.1', '::1', '0.0.0.0', '::']) {
      const found = took([], { places: [{ port: 5174, address }] });
      assert.deepEqual(found, { kind: 'one', port: 5174, printed: false }, address);
    }
  });

  it('never_that_of_a_debugger', () => {
    assert.deepEqual(took([9229, 5005, 5678, 24_678]), { kind: 'none' });
    const printed = ['Debugger listening on ws://127.0.0.1:41234/b7'];
    assert.deepEqual(took([41_234], { printed }), { kind: 'none' });
    assert.deepEqual(took([9229, 5174]), { kind: 'one', port: 5174, printed: false });
  });

  it('of_several_the_one_that_it_printed', () => {
    const printed = ['  Local: http://localhost:\u001b[1m5174\u001b[22m/'];
    assert.deepEqual(took([5174, 5175], { printed }), { kind: 'one', port: 5174, printed: true });
  });

  it('none_of_several_when_it_printed_none_or_more_than_one', () => {
    const several = { kind: 'several', ports: [5174, 5175] };
    assert.deepEqual(took([5175, 5174]), several);
    assert.deepEqual(took([5175, 5174], { printed: ['pid 51740', 'took 15175 ms'] }), several);
    assert.deepEqual(took([5175, 5174], { printed: ['on 5174 and 5175'] }), several);
  });

  it('one_that_it_printed_or_took_before_is_believed_sooner', () => {
    assert.ok(adoptAfterMs(true, false) >= 1_000);
    assert.ok(adoptAfterMs(false, false) > adoptAfterMs(true, false));
    assert.equal(adoptAfterMs(false, true), 0);
  });
});
