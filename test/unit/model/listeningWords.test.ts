import assert from 'node:assert/strict';
import { listeningWords } from '../../../src/model/listeningWords';

describe('listeningWords', () => {
  it('has_nothing_to_say_of_one_that_listens_nowhere_or_as_it_should', () => {
    assert.equal(listeningWords([], 5173), undefined);
    for (const address of ['127.0.0.1', '::1', '0.0.0.0', '::']) {
      const places = [
        { port: 24678, address: '::' },
        { port: 5173, address },
      ];
      assert.equal(listeningWords(places, 5173), undefined, address);
    }
  });

  it('names_the_port_it_took_instead', () => {
    assert.equal(listeningWords([{ port: 5174, address: '::1' }], 5173), 'it listens on port 5174 instead of 5173');
  });

  it('names_several_ports_once_each_in_order', () => {
    const places = [9229, 5174, 9229].map((port) => ({ port, address: '127.0.0.1' }));
    assert.equal(listeningWords(places, 5173), 'it listens on port 5174 and 9229 instead of 5173');
  });

  it('tells_an_address_that_loopback_does_not_reach', () => {
    const words = listeningWords([{ port: 5173, address: '192.168.1.5' }], 5173);
    assert.equal(words, 'it listens on 192.168.1.5 only, which localhost does not reach');
  });
});
