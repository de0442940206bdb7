import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dependentsOf, findCycles, missingDependencies, startClosure, stopWaves } from '../../../src/model/startOrder';

interface Declared {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** `web>api,auth` means that web depends on api and auth. */
function declare(...lines: string[]): Declared[] {
  return lines.map((line) => {
    const [name = '', on = ''] = line.split('>');
    return { name, dependsOn: on === '' ? [] : on.split(',') };
  });
}

const shop = declare('web>api,auth', 'api>db', 'auth>db', 'db', 'mail');

describe('start order', () => {
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ['a backend without dependencies starts alone', ['mail'], ['mail']],
    ['dependencies come first, through others too', ['web'], ['db', 'api', 'auth', 'web']],
    ['a shared dependency is started once', ['api', 'auth'], ['db', 'api', 'auth']],
    ['a name that nothing declares is left out', ['gone', 'mail'], ['mail']],
    ['nothing asked, nothing started', [], []],
  ];
  for (const [contract, names, order] of cases) {
    it(contract, () => assert.deepEqual(startClosure(shop, names), order));
  }

  it('a missing dependency and a repeated one do no harm', () => {
    assert.deepEqual(startClosure(declare('web>gone,db,db', 'db'), ['web']), ['db', 'web']);
  });

  it('a cycle ends', () => {
    assert.deepEqual(new Set(startClosure(declare('a>b', 'b>a', 'c>a'), ['c'])), new Set(['a', 'b', 'c']));
  });
});

describe('dependents', () => {
  it('are found through others, in the order of the file', () => {
    assert.deepEqual(dependentsOf(shop, 'db'), ['web', 'api', 'auth']);
    assert.deepEqual(dependentsOf(shop, 'auth'), ['web']);
    assert.deepEqual(dependentsOf(shop, 'web'), []);
    assert.deepEqual(dependentsOf(shop, 'gone'), []);
  });

  it('never include the backend itself', () => {
    assert.deepEqual(dependentsOf(declare('a>b', 'b>a', 'c>c'), 'a'), ['b']);
    assert.deepEqual(dependentsOf(declare('c>c'), 'c'), []);
  });
});

describe('stop order', () => {
  const cases: readonly [string, readonly string[], readonly (readonly string[])[]][] = [
    [
      'dependents go first, what is independent goes along',
      ['web', 'api', 'auth', 'db', 'mail'],
      [['web', 'mail'], ['api', 'auth'], ['db']],
    ],
    ['what is not stopped costs no wave', ['db', 'mail'], [['db', 'mail']]],
    ['the order holds through a backend that is not stopped', ['web', 'db'], [['web'], ['db']]],
    ['nothing asked, no waves', [], []],
    ['a name that nothing declares is left out', ['gone'], []],
  ];
  for (const [contract, names, waves] of cases) {
    it(contract, () => assert.deepEqual(stopWaves(shop, names), waves));
  }

  it('members of a cycle go together, what they need goes after them', () => {
    assert.deepEqual(stopWaves(declare('a>b,db', 'b>a', 'db'), ['db', 'b', 'a']), [['a', 'b'], ['db']]);
  });
});

describe('missing dependencies', () => {
  it('are named with the backend that wants them', () => {
    assert.deepEqual(missingDependencies(declare('web>api,gone', 'api>lost')), [
      { backend: 'web', missing: 'gone' },
      { backend: 'api', missing: 'lost' },
    ]);
    assert.deepEqual(missingDependencies(shop), []);
  });
});

describe('dependency cycles', () => {
  const cases: readonly [string, readonly Declared[], readonly (readonly string[])[]][] = [
    ['none in a sound file', shop, []],
    ['a backend that depends on itself', declare('a>a'), [['a']]],
    ['two that depend on each other', declare('a>b', 'b>a'), [['a', 'b']]],
    ['a walk that can be followed', declare('a>b', 'b>c', 'c>a'), [['a', 'b', 'c']]],
    ['only the members, not who depends on them', declare('x>a', 'a>b', 'b>a'), [['a', 'b']]],
    [
      'each circle once',
      declare('a>b', 'b>a', 'c>d', 'd>c'),
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'circles that share a member',
      declare('a>b', 'b>a,c', 'c>b'),
      [
        ['a', 'b'],
        ['c', 'b'],
      ],
    ],
    [
      'a detour beside a short circle',
      declare('a>b,c', 'b>a', 'c>d', 'd>a'),
      [
        ['a', 'b'],
        ['c', 'd', 'a'],
      ],
    ],
  ];
  for (const [contract, backends, cycles] of cases) {
    it(contract, () => assert.deepEqual(findCycles(backends), cycles));
  }
});

describe('any dependency graph', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const edges = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 14 });
  const folder = edges.map((pairs) =>
    names.map((name) => ({ name, dependsOn: pairs.filter(([from]) => from === name).map(([, to]) => to) })),
  );
  const subset = fc.subarray(names);

  /** Reachability by brute force, at least one step. */
  function reaches(backends: readonly Declared[], from: string): Set<string> {
    const reached = new Set<string>();
    for (let before = -1; before !== reached.size;) {
      before = reached.size;
      for (const { name, dependsOn } of backends) {
        if (name === from || reached.has(name)) for (const d of dependsOn) reached.add(d);
      }
    }
    return reached;
  }

  it('cycles are real walks, and cover exactly the backends that reach themselves', () => {
    fc.assert(
      fc.property(folder, (backends) => {
        const cycles = findCycles(backends);
        for (const cycle of cycles) {
          cycle.forEach((name, index) => {
            const next = cycle[(index + 1) % cycle.length] ?? '';
            assert.ok(
              backends.some((b) => b.name === name && b.dependsOn.includes(next)),
              `${name} → ${next}`,
            );
          });
          assert.equal(new Set(cycle).size, cycle.length);
        }
        const circular = names.filter((name) => reaches(backends, name).has(name));
        assert.deepEqual([...new Set(cycles.flat())].sort(), circular);
      }),
    );
  });

  it('a start brings all it needs, before it wherever no cycle stands against it', () => {
    fc.assert(
      fc.property(folder, subset, (backends, wanted) => {
        const order = startClosure(backends, wanted);
        const needed = new Set(wanted.flatMap((name) => [name, ...reaches(backends, name)]));
        assert.deepEqual([...order].sort(), [...needed].sort());
        order.forEach((name, index) => {
          for (const later of order.slice(index + 1)) {
            const needsLater = reaches(backends, name).has(later);
            assert.ok(!needsLater || reaches(backends, later).has(name), `${name} before ${later}`);
          }
        });
      }),
    );
  });

  it('a stop takes each backend once, never before or beside one that depends on it', () => {
    fc.assert(
      fc.property(folder, subset, (backends, wanted) => {
        const waves = stopWaves(backends, wanted);
        assert.deepEqual(waves.flat().sort(), [...wanted].sort());
        assert.ok(waves.every((wave) => wave.length > 0));
        const waveOf = new Map(waves.flatMap((wave, index) => wave.map((name) => [name, index] as const)));
        for (const name of wanted) {
          for (const needed of reaches(backends, name)) {
            const neededWave = waveOf.get(needed);
            if (neededWave === undefined || reaches(backends, needed).has(name)) continue;
            assert.ok((waveOf.get(name) ?? 0) < neededWave, `${name} before ${needed}`);
          }
        }
      }),
    );
  });

  it('a chain longer than the stack is no trouble', () => {
    const chain = Array.from({ length: 15_000 }, (_, n) => ({ name: `n${n}`, dependsOn: [`n${n + 1}`] }));
    const order = startClosure(chain, ['n0']);
    assert.deepEqual([order.length, order.at(0), order.at(-1)], [15_000, 'n14999', 'n0']);
  });
});
