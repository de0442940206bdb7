import { strict as assert } from 'node:assert';
import type { BackendDefinition } from '../../../src/model/backendDefinition';
import { definitionChanged, launchFingerprint } from '../../../src/config/fingerprint';
import { parseBackendsFile } from '../../../src/config/parse';
import { resolveDefinition, type LaunchScope, type ResolvedLaunch } from '../../../src/config/resolve';

const scope: LaunchScope = {
  workspaceFolder: '/work space',
  env: { TOKEN: 'a.b' },
  port: 3000,
  backend: (name) => (name === 'db' ? { port: 5432, url: 'http://localhost:5432' } : undefined),
  shell: 'posix',
};

function definitionOf(body: object): BackendDefinition {
  const text = JSON.stringify({ backends: { it: { command: 'x', ...body }, db: { command: 'db', port: 5432 } } });
  const [definition] = parseBackendsFile(text, { folderPath: '/work space' }).backends;
  assert.ok(definition);
  return definition;
}

function launchOf(body: object): ResolvedLaunch {
  const resolution = resolveDefinition(definitionOf(body), scope);
  assert.ok(resolution.ok);
  return resolution.launch;
}

describe('resolveDefinition', () => {
  it('fills in command, folder, environment and env files', () => {
    const body = {
      command: 'run ${port} ${HOME} ${workspaceFolder}',
      cwd: 'api',
      env: { URL: '${backend:db.url}/${port}' },
      envFile: ['.env', '${workspaceFolder}/x/.env'],
      port: 3000,
    };
    assert.deepEqual(launchOf(body), {
      command: `run 3000 \${HOME} '/work space'`,
      cwd: '/work space/api',
      env: { URL: 'http://localhost:5432/3000' },
      envFiles: ['/work space/.env', '/work space/x/.env'],
      probes: [{ kind: 'tcp' }],
      outside: [],
    });
  });

  it('passes arguments as they are, without a shell', () => {
    assert.deepEqual(launchOf({ command: ['ls', '${workspaceFolder}', '$${x}', ''] }).command, [
      'ls',
      '/work space',
      '${x}',
      '',
    ]);
  });

  it('runs in the workspace folder when no other is named', () => {
    assert.equal(launchOf({}).cwd, '/work space');
  });

  it('tells which paths leave the folder, by their text', () => {
    const { outside } = launchOf({
      cwd: '../x',
      envFile: ['..env', 'a/../../.env', '/etc/env', '${workspaceFolder}2/.env'],
    });
    assert.deepEqual(outside, ['/x', '/.env', '/etc/env', '/work space2/.env']);
  });

  it('fills in probes; in a regular expression a value stands for its own text', () => {
    const http = { path: '/${port}', headers: { Authorization: '${env:TOKEN}' }, body: '${port}' };
    const { probes } = launchOf({
      port: 3000,
      ready: { http, log: { pattern: '^on ${env:TOKEN}$' }, exec: ['check', '${port}'] },
    });
    assert.deepEqual(probes, [
      {
        kind: 'http',
        scheme: 'http',
        path: '/3000',
        method: 'GET',
        status: [[200, 399]],
        headers: { Authorization: 'a.b' },
        body: '3000',
      },
      { kind: 'log', pattern: '^on a\\.b$', regexFlags: '' },
      { kind: 'exec', argv: ['check', '3000'] },
    ]);
    assert.deepEqual(launchOf({ ready: { log: 'on ${env:TOKEN}' } }).probes, [{ kind: 'log', pattern: 'on a.b' }]);
  });

  it('tells what has no value instead of starting with a gap', () => {
    assert.deepEqual(resolveDefinition(definitionOf({ env: { A: '${env:NOPE}' } }), scope), {
      ok: false,
      message: 'The environment variable "NOPE" is not set.',
    });
    assert.deepEqual(resolveDefinition(definitionOf({ command: 'x ${backend:gone.url}' }), scope), {
      ok: false,
      message: 'The variable "${backend:gone.url}" has no value.',
    });
  });
});

describe('launchFingerprint', () => {
  const changes: readonly object[] = [
    { command: 'y' },
    { command: ['x'] },
    { cwd: 'a' },
    { env: { A: '1' } },
    { envFile: ['.env'] },
    { port: 1 },
    { port: 'auto' },
    { port: 1, gateway: false },
    { oneShot: true },
  ];
  it('differs for all that a process is started with', () => {
    const texts = [{}, ...changes].map((change) => launchFingerprint(definitionOf(change)));
    assert.equal(new Set(texts).size, texts.length);
  });

  it('stays the same for what may change under a running process', () => {
    const before = definitionOf({});
    const others = [
      { idleTimeout: '1s' },
      { autoStart: true },
      { activity: { cpu: false } },
      { dependsOn: ['db'] },
      { ready: { log: 'x', timeout: '1s' } },
      { stop: { grace: '1s' } },
      { restart: 'onFailure' },
    ];
    for (const change of others)
      assert.equal(definitionChanged(before, definitionOf(change)), false, JSON.stringify(change));
    assert.equal(definitionChanged(before, definitionOf({ command: 'y' })), true);
  });

  it('does not depend on the order of environment variables', () => {
    const [a, b] = [definitionOf({ env: { A: '1', B: '2' } }), definitionOf({ env: { B: '2', A: '1' } })];
    assert.equal(definitionChanged(a, b), false);
  });
});
