import assert from 'node:assert/strict';
import { ConsentMemory } from '../../../src/vscode/consentMemory';
import { memoryOf } from './memory';

describe('ConsentMemory', () => {
  it('remembers_an_answer_for_exactly_this_subject', async () => {
    const kept = memoryOf();
    const consent = new ConsentMemory(kept);
    const fingerprint = await consent.fingerprint('run api');
    assert.equal(consent.answer(fingerprint), undefined);
    await consent.remember([fingerprint], 'allowed');
    const later = new ConsentMemory(kept);
    assert.equal(later.answer(await later.fingerprint('run api')), 'allowed');
    assert.equal(later.answer(await later.fingerprint('run other')), undefined);
  });

  it('keeps_nothing_of_the_subject_and_uses_another_key_on_another_machine', async () => {
    const first = memoryOf();
    const here = await new ConsentMemory(first).fingerprint('secret-command');
    await new ConsentMemory(first).remember([here], 'denied');
    assert.doesNotMatch(JSON.stringify([...first.values]), /secret-/);
    assert.notEqual(await new ConsentMemory(memoryOf()).fingerprint('secret-command'), here);
  });
});
