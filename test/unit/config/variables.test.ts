import { strict as assert } from 'node:assert';
import { substituteForShell } from '../../../src/config/shellSubstitution';
import { substitute, variablesIn, type VariableScope } from '../../../src/config/variables';

const scope: VariableScope = {
  workspaceFolder: '/home/me/my project',
  env: { HOME: '/home/me', EVIL: `'; rm -rf "$HOME" #`, EMPTY: '' },
  port: 3000,
  backend: (name) =>
    name === 'my.db' ? { port: 5432, url: 'http://localhost:5432' } : name === 'worker' ? {} : undefined,
};

describe('substitute', () => {
  const values: readonly (readonly [string, string])[] = [
    ['${workspaceFolder}/a', '/home/me/my project/a'],
    ['${workspaceFolderBasename}', 'my project'],
    ['${env:HOME}${port}', '/home/me3000'],
    ['[${env:EMPTY}]', '[]'],
    ['${backend:my.db.port}', '5432'],
    ['${backend:my.db.url}/x', 'http://localhost:5432/x'],
    ['$${port} costs $5 {}', '${port} costs $5 {}'],
    ['$PORT', '$PORT'],
  ];
  for (const [text, value] of values) {
    it(`fills in ${text}`, () => assert.deepEqual(substitute(text, scope), { ok: true, value }));
  }

  const unknown: readonly (readonly [string, string])[] = [
    ['${HOME}', 'HOME'],
    ['${env:MISSING}', 'env:MISSING'],
    ['${env:constructor}', 'env:constructor'],
    ['${backend:nope.port}', 'backend:nope.port'],
    ['${backend:worker.url}', 'backend:worker.url'],
    ['a ${port} ${x} ${y}', 'x'],
  ];
  for (const [text, name] of unknown) {
    it(`names what has no value in ${text}`, () =>
      assert.deepEqual(substitute(text, scope), { ok: false, unknown: name }));
  }

  it('never reads a value again', () => {
    const hostile = { ...scope, env: { A: '${port} $${port}' } };
    assert.deepEqual(substitute('${env:A}', hostile), { ok: true, value: '${port} $${port}' });
  });
});

describe('variablesIn', () => {
  it('tells kind, name and place of each', () => {
    assert.deepEqual(variablesIn('x ${backend:a.b.url} $${port} ${HOME}'), [
      { kind: 'backendUrl', name: 'a.b', text: 'backend:a.b.url', start: 2, end: 20 },
      { kind: 'foreign', name: '', text: 'HOME', start: 30, end: 37 },
    ]);
  });

  const kinds: readonly (readonly [string, string])[] = [
    ['${env:}', 'unknown'],
    ['${env:A:-b}', 'unknown'],
    ['${env:-default}', 'foreign'],
    ['${port:-80}', 'foreign'],
    ['${config:a.b}', 'unknown'],
    ['${backend:db}', 'unknown'],
    ['${x:?message}', 'foreign'],
  ];
  for (const [text, kind] of kinds) {
    it(`takes ${text} for ${kind}`, () => assert.deepEqual([variablesIn(text)[0]?.kind], [kind]));
  }
});

describe('substituteForShell', () => {
  const posix: readonly (readonly [string, string])[] = [
    ['run ${port} ${HOME} $$ ${x:-${port}} $${port}', 'run 3000 ${HOME} $$ ${x:-3000} $${port}'],
    ['cd ${workspaceFolder}/web', `cd '/home/me/my project'/web`],
    ['cd "${workspaceFolder}/web"', 'cd "/home/me/my project/web"'],
    [`cd '\${workspaceFolder}/web'`, `cd '/home/me/my project/web'`],
    ['echo ${env:EVIL}', `echo ''\\''; rm -rf "$HOME" #'`],
    ['echo "${env:EVIL}"', `echo "'; rm -rf \\"\\$HOME\\" #"`],
    [`echo '\${env:EVIL}'`, `echo ''\\''; rm -rf "$HOME" #'`],
    ['echo "$(cat ${workspaceFolder})"', `echo "$(cat '/home/me/my project')"`],
    ['echo "$(cat "${workspaceFolder}")"', 'echo "$(cat "/home/me/my project")"'],
    [`echo \\' \${workspaceFolder}`, `echo \\' '/home/me/my project'`],
    [`echo ok # don't \${env:EVIL}\ncd \${workspaceFolder}`, `echo ok # don't \${env:EVIL}\ncd '/home/me/my project'`],
    ['echo a#b ${workspaceFolder}', `echo a#b '/home/me/my project'`],
    ['echo ${env:EMPTY}', `echo ''`],
    ['echo done # ${env:EVIL}', 'echo done # ${env:EVIL}'],
    ['echo \\${port} "\\${port}"', 'echo \\${port} "\\${port}"'],
    [`echo '\\\${port}'`, `echo '\\3000'`],
  ];
  for (const [text, value] of posix) {
    it(`writes a value as part of one word in: ${text}`, () => {
      assert.deepEqual(substituteForShell(text, scope, 'posix'), { ok: true, value });
    });
  }

  it('quotes for cmd unless quotes stand there already', () => {
    const value = `cd "/home/me/my project" && cd "/home/me/my project/x" && 3000`;
    const text = 'cd ${workspaceFolder} && cd "${workspaceFolder}/x" && ${port}';
    assert.deepEqual(substituteForShell(text, scope, 'cmd'), { ok: true, value });
  });

  it('names what has no value', () => {
    assert.deepEqual(substituteForShell('a ${env:NO}', scope, 'posix'), { ok: false, unknown: 'env:NO' });
  });
});
