import assert from 'node:assert/strict';
import fc from 'fast-check';
import { criticalFirst, remainingPaths, type ExpectedStart } from '../../../src/model/criticalPath';

const start = (name: string, dependsOn: string[] = [], typicalMs?: number): ExpectedStart => ({
  name,
  dependsOn,
  ...(typicalMs !== undefined && { typicalMs }),
});
const order = (starts: readonly ExpectedStart[]): string[] => criticalFirst(starts).map(({ name }) => name);

describe('the critical path of a start', () => {
  it('is the longest chain of those that wait, by what starts usually take', () => {
    const starts = [
      start('docs', [], 4_000),
      start('db', [], 500),
      start('api', ['db'], 2_000),
      start('web', ['api'], 3_000),
    ];
    assert.deepEqual([...remainingPaths(starts)].sort(), [
      ['api', 5_000],
      ['db', 5_500],
      ['docs', 4_000],
      ['web', 3_000],
    ]);
    assert.deepEqual(order(starts), ['db', 'api', 'docs', 'web']);
  });

  it('counts a second for what was never started, so that a chain goes before a single one', () => {
    assert.deepEqual(order([start('docs'), start('web', ['db']), start('db')]), ['db', 'docs', 'web']);
  });

  it('keeps the order of the file among equals, and leaves out what does not start now', () => {
    assert.deepEqual(order([start('b'), start('a'), start('c', ['not starting'])]), ['b', 'a', 'c']);
  });

  it('ends with a cycle, whose members count together', () => {
    const paths = remainingPaths([start('a', ['b'], 100), start('b', ['a'], 200), start('c', ['a'], 1_000)]);
    assert.ok((paths.get('a') ?? 0) >= 1_100 && Number.isFinite(paths.get('b')));
  });

  it('never puts a backend before what it depends on', () => {
    const graph = fc.array(fc.tuple(fc.array(fc.nat(9), { maxLength: 3 }), fc.nat(5_000)), { maxLength: 10 });
    fc.assert(
      fc.property(graph, (nodes) => {
        // Only on those before it: no cycles.
        const starts = nodes.map(([on, ms], at) =>
          start(`${at}`, on.filter((other) => other < at).map(String), ms + 1),
        );
        const position = new Map(order(starts.toReversed()).map((name, at) => [name, at]));
        for (const { name, dependsOn } of starts)
          for (const dependency of dependsOn)
            assert.ok((position.get(dependency) ?? 0) < (position.get(name) ?? 0), `${dependency} before ${name}`);
      }),
    );
  });
});
