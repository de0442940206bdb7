import { strict as assert } from 'node:assert';
import type { SuggestedBackend } from '../../../src/importers/suggestion';
import { suggestFromProcfile } from '../../../src/importers/procfile';

function backendsOf(text: string): Readonly<Record<string, SuggestedBackend | undefined>> {
  return Object.fromEntries(suggestFromProcfile(text).map(({ name, backend }) => [name, backend]));
}

describe('suggestFromProcfile', () => {
  it('reads one backend a line and passes over comments and what is no entry', () => {
    const text = '# web: no\nweb: bin/rails s -p 3100\r\n\r\n  worker-2 :  sidekiq -q "a: b"  \nnot an entry\nempty:\n';
    assert.deepEqual(backendsOf(text), {
      web: { command: 'bin/rails s -p 3100', port: 3100 },
      'worker-2': { command: 'sidekiq -q "a: b"' },
    });
  });

  it('gives ports as foreman does to those that ask for $PORT', () => {
    assert.deepEqual(backendsOf('web: serve -p $PORT\nworker: run\napi: serve ${PORT}'), {
      web: { command: 'serve -p $PORT', port: 5000 },
      worker: { command: 'run' },
      api: { command: 'serve ${PORT}', port: 5100 },
    });
  });

  it('takes the default that the shell text gives to the port', () => {
    assert.equal(backendsOf('web: puma -p ${PORT:-3300}')['web']?.port, 3300);
    assert.equal(backendsOf('web: puma -p ${PORT:="3301"}')['web']?.port, 3301);
    assert.equal(backendsOf('ws: run -p ${WS_PORT:=6042}')['ws']?.port, 6042);
  });

  it('makes a release command a one-shot backend', () => {
    assert.deepEqual(backendsOf('release: rake db:migrate'), {
      release: { command: 'rake db:migrate', oneShot: true },
    });
  });

  it('gives repeated names their own', () => {
    assert.deepEqual(Object.keys(backendsOf('web: a\nweb: b\n_web: c')), ['web', 'web-2', 'web-3']);
  });

  it('reads a hostile file of any size without a freeze', () => {
    assert.deepEqual(suggestFromProcfile('a: b\n'.repeat(100_000)), []);
    assert.equal(suggestFromProcfile('a: b\n'.repeat(10_000)).length, 12);
    assert.deepEqual(suggestFromProcfile(`a${' '.repeat(100_000)}b`), []);
  });
});
