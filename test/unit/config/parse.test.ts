import { strict as assert } from 'node:assert';
import { definitionDefaults, type BackendDefinition } from '../../../src/model/backendDefinition';
import { parseBackendsFile } from '../../../src/config/parse';
import type { ConfigProblem } from '../../../src/config/problem';
import { configFixtures, expectationOf } from './fixtures';

const context = { folderPath: '/workspace' };

function parseOne(body: object): { definition: BackendDefinition; problems: readonly ConfigProblem[] } {
  const { backends, problems } = parseBackendsFile(JSON.stringify({ backends: { it: body } }), context);
  const [definition] = backends;
  assert.ok(definition);
  return { definition, problems };
}

describe('parseBackendsFile', () => {
  for (const { name, text } of configFixtures('valid')) {
    it(`accepts ${name}.jsonc without an error or a warning`, () => {
      const { backends, problems } = parseBackendsFile(text, context);
      assert.deepEqual(
        problems.filter(({ severity }) => severity !== 'information'),
        [],
      );
      assert.deepEqual(
        backends.filter(({ problem }) => problem !== undefined),
        [],
      );
    });
  }

  for (const { name, text } of configFixtures('invalid')) {
    it(`reports what is wrong in ${name}.jsonc at its exact place and keeps the rest`, () => {
      const { backends, problems } = parseBackendsFile(text, context);
      const expected = expectationOf(name);
      const seen = problems.map((problem) => ({
        ...problem,
        at: text.slice(problem.offset, problem.offset + problem.length),
      }));
      assert.deepEqual(seen, expected.problems);
      assert.ok(seen.length > 0);
      assert.deepEqual(
        backends.map((backend) => backend.name),
        expected.listed,
      );
      assert.deepEqual(
        backends.filter(({ problem }) => problem === undefined).map((backend) => backend.name),
        expected.usable,
      );
    });
  }

  it('has at least 12 valid and 30 invalid files to hold against', () => {
    assert.ok(configFixtures('valid').length >= 12);
    assert.ok(configFixtures('invalid').length >= 30);
  });

  it('tells a mistake of syntax alone; what else seems to be wrong is told when it is mended', () => {
    const mended = '{"backends": {"a": {"command": "a", "dependsOn": ["b"]}, "c": {"port": 0}, "b": {"command": "b"}}}';
    assert.ok(parseBackendsFile(mended, context).problems.length > 0);
    const { backends, problems } = parseBackendsFile(mended.replace('0}, "b": {', '0} "b" {'), context);
    assert.deepEqual(
      problems.map(({ code, message }) => [code, message]),
      [['syntax', 'A comma is missing here.']],
    );
    assert.equal(
      backends.find(({ name }) => name === 'c')?.problem,
      'The mistake of syntax in backends.json has to be mended first.',
    );
  });

  it('gives the first error of a backend as its problem', () => {
    const { definition } = parseOne({ command: 'x', port: 0, restart: 'always' });
    assert.equal(definition.problem, '"port" must be a number from 1 to 65535, or "auto".');
  });

  it('fills in the documented defaults', () => {
    const { definition } = parseOne({ command: 'x' });
    assert.deepEqual(definition, {
      name: 'it',
      command: 'x',
      env: {},
      envFile: [],
      ready: { probes: [], withoutProbes: 'settle', timeoutMs: definitionDefaults.readyTimeoutMs },
      dependsOn: [],
      activity: {
        openStreams: 'hold',
        ignorePaths: definitionDefaults.ignorePaths,
        ignoreAgents: definitionDefaults.ignoreAgents,
        logs: false,
        cpu: true,
      },
      oneShot: false,
      stop: { signal: 'SIGTERM', graceMs: 5_000 },
      restart: 'never',
      autoStart: false,
    });
  });

  it('probes tcp by default when there is a port, and nothing for a one-shot backend', () => {
    assert.deepEqual(parseOne({ command: 'x', port: 1 }).definition.ready.probes, [{ kind: 'tcp' }]);
    assert.deepEqual(parseOne({ command: 'x', oneShot: true }).definition.ready, {
      probes: [],
      withoutProbes: 'none',
      timeoutMs: 600_000,
    });
  });

  it('reads every option of a full definition', () => {
    const everything = configFixtures('valid').find(({ name }) => name === 'everything');
    const api = parseBackendsFile(everything?.text ?? '', context).backends.find(({ name }) => name === 'api');
    const probe = { kind: 'http', scheme: 'http', path: '/health', method: 'GET', status: [[200, 399]], headers: {} };
    assert.deepEqual(api, {
      name: 'api',
      command: 'npm run dev',
      cwd: 'api',
      env: { PORT: '${port}', DATABASE_URL: 'postgres://localhost:${backend:db.port}/app', EMPTY: '' },
      envFile: ['.env', '.env.local'],
      port: 3000,
      gateway: { wakeOn: 'connect', hosts: ['app.localhost'] },
      ready: { probes: [probe], withoutProbes: 'settle', timeoutMs: 60_000 },
      dependsOn: ['db'],
      idleTimeoutMs: 30_000,
      activity: { openStreams: 'ignore', ignorePaths: ['/health'], ignoreAgents: [], logs: true, cpu: false },
      liveness: { probe, periodMs: 10_000 },
      oneShot: false,
      stop: {
        signal: 'SIGINT',
        graceMs: 90_000,
        strict: true,
        quiesce: {
          kind: 'http',
          scheme: 'http',
          path: '/quiesce',
          method: 'POST',
          status: [[200, 299]],
          headers: {},
        },
      },
      restart: 'onFailure',
      autoStart: true,
    });
  });

  it('reads every kind of probe', () => {
    const { definition } = parseOne({
      command: 'x',
      port: 1,
      ready: {
        timeout: '2s',
        probeTimeout: '700ms',
        successThreshold: 3,
        tcp: 9,
        http: {
          path: '/p',
          method: 'HEAD',
          status: [200, '300-301'],
          headers: { A: 'b' },
          body: 'ok',
          scheme: 'https',
        },
        log: { pattern: 'up \\d', flags: 'i' },
        exec: ['check', ''],
      },
    });
    assert.deepEqual(definition.ready, {
      timeoutMs: 2_000,
      probeTimeoutMs: 700,
      successThreshold: 3,
      withoutProbes: 'settle',
      probes: [
        { kind: 'tcp', port: 9 },
        {
          kind: 'http',
          path: '/p',
          method: 'HEAD',
          status: [
            [200, 200],
            [300, 301],
          ],
          headers: { A: 'b' },
          body: 'ok',
          scheme: 'https',
        },
        { kind: 'log', pattern: 'up \\d', regexFlags: 'i' },
        { kind: 'exec', argv: ['check', ''] },
      ],
    });
  });

  it('crosses a JSON channel unchanged', () => {
    for (const { text } of configFixtures('valid')) {
      const { backends } = parseBackendsFile(text, context);
      assert.deepEqual(JSON.parse(JSON.stringify(backends)), backends);
    }
  });
});
