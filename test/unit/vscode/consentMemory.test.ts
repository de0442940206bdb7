import assert from 'node:assert/strict';
import { ConsentMemory, type KeyValueMemory } from '../../../src/vscode/consentMemory';
import { definitionOf } from './definitions';

function memory(): KeyValueMemory & { readonly values: Map<string, unknown> } {
  const values = new Map<string, unknown>();
  return {
    values,
    get: (key) => values.get(key),
    update: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}

describe('ConsentMemory', () => {
  it('remembers_an_answer_for_exactly_this_command', async () => {
    const kept = memory();
    const consent = new ConsentMemory(kept);
    const fingerprint = await consent.fingerprint('/work', definitionOf('api', { env: { A: '1' } }));
    assert.equal(consent.answer(fingerprint), undefined);
    await consent.remember([fingerprint], 'allowed');
    const later = new ConsentMemory(kept);
    assert.equal(later.answer(await later.fingerprint('/work', definitionOf('api', { env: { A: '1' } }))), 'allowed');
  });

  it('asks_again_when_anything_that_would_run_differs', async () => {
    const consent = new ConsentMemory(memory());
    const base = definitionOf('api', { env: { A: '1' }, envFile: ['.env'], cwd: 'api' });
    const fingerprints = await Promise.all([
      consent.fingerprint('/work', base),
      consent.fingerprint('/other', base),
      ...[
        { ...base, command: 'other' },
        { ...base, command: ['run', 'api'] },
        { ...base, cwd: 'web' },
        { ...base, env: { A: '2' } },
        { ...base, env: { A: '1', B: '' } },
        { ...base, envFile: ['.env', '.env.local'] },
      ].map((definition) => consent.fingerprint('/work', definition)),
    ]);
    assert.equal(new Set(fingerprints).size, fingerprints.length);
  });

  it('does_not_ask_again_for_what_starts_no_other_program', async () => {
    const consent = new ConsentMemory(memory());
    const plain = await consent.fingerprint('/work', definitionOf('api', { env: { A: '1', B: '2' } }));
    const reordered = await consent.fingerprint(
      '/work',
      definitionOf('api', { env: { B: '2', A: '1' }, idleTimeoutMs: 5 }),
    );
    assert.equal(plain, reordered);
  });

  it('keeps_neither_commands_nor_values_and_uses_another_key_on_another_machine', async () => {
    const first = memory();
    const definition = definitionOf('api', { command: 'secret-command', env: { TOKEN: 'secret-value' } });
    const here = await new ConsentMemory(first).fingerprint('/work', definition);
    await new ConsentMemory(first).remember([here], 'denied');
    assert.doesNotMatch(JSON.stringify([...first.values]), /secret-/);
    assert.notEqual(await new ConsentMemory(memory()).fingerprint('/work', definition), here);
  });
});
