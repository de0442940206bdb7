import assert from 'node:assert/strict';
import {
  backendStates,
  canFollow,
  mayHaveProcess,
  transitions,
  type BackendState,
} from '../../../src/model/backendState';
import { renderStateDiagram } from '../../support/stateDiagram';

function reachableFrom(start: BackendState): Set<BackendState> {
  const reached = new Set([start]);
  for (const state of reached) for (const { from, to } of transitions) if (from === state) reached.add(to);
  return reached;
}

describe('the states of a backend', () => {
  it('every state can be reached from stopped, and leads back to it', () => {
    for (const state of backendStates) {
      assert.ok(reachableFrom('stopped').has(state), `stopped leads to ${state}`);
      assert.ok(reachableFrom(state).has('stopped'), `${state} leads to stopped`);
    }
  });

  it('no step is in the table twice, and none leads to where it starts', () => {
    const steps = transitions.map(({ from, to }) => `${from} → ${to}`);
    assert.equal(new Set(steps).size, steps.length);
    assert.deepEqual(
      transitions.filter(({ from, to }) => from === to),
      [],
    );
  });

  it('every step says when it is taken', () => {
    for (const { from, to, when } of transitions) assert.notEqual(when.trim(), '', `${from} → ${to}`);
  });

  it('only what the table says may follow', () => {
    const allowed = backendStates.flatMap((from) =>
      backendStates.filter((to) => canFollow(from, to)).map((to) => [from, to]),
    );
    assert.equal(allowed.length, transitions.length);
    assert.equal(canFollow('draining', 'ready'), true, 'a drain can be cancelled');
    assert.equal(canFollow('quiesced', 'ready'), false, 'what is asleep is ready only through a start');
    assert.equal(canFollow('stopped', 'ready'), false);
    assert.equal(canFollow('failed', 'quiesced'), false, 'what failed is not asleep');
    assert.equal(canFollow('stopping', 'ready'), false, 'a stop has no return');
  });

  it('a process is never lost: it goes through stopping, sleep or failure, never straight to stopped', () => {
    const lost = transitions.filter(({ from, to }) => mayHaveProcess(from) && to === 'stopped' && from !== 'stopping');
    assert.deepEqual(lost, []);
  });

  it('a process only comes to be by starting; one that outlived a stop or a broker can be ended', () => {
    const born = transitions.filter(({ from, to }) => !mayHaveProcess(from) && mayHaveProcess(to));
    const outlived = born.filter(({ to }) => to !== 'starting').map(({ from, to }) => [from, to]);
    assert.deepEqual(outlived, [
      ['stopped', 'stopping'],
      ['stopped', 'draining'],
      ['failed', 'stopping'],
    ]);
  });
});

describe('the state diagram', () => {
  it('draws each step of the table once, with when it is taken', () => {
    const lines = renderStateDiagram().trimEnd().split('\n');
    assert.deepEqual(lines.slice(0, 2), ['stateDiagram-v2', '    [*] --> stopped']);
    assert.equal(lines.length, 2 + transitions.length);
    assert.ok(lines.includes('    ready --> draining: idle timeout'));
    for (const line of lines.slice(2)) assert.match(line, /^ {4}\w+ --> \w+: [^:;]+$/);
  });
});
