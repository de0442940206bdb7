import assert from 'node:assert/strict';
import { keptProcesses } from '../../../src/config/keepProcesses';

describe('keptProcesses', () => {
  it('are_the_known_build_daemons_unless_something_else_is_said', () => {
    const known = keptProcesses(['default']);
    assert.ok(known.includes('org.gradle.launcher.daemon'));
    for (const unset of [undefined, null, 'text', 3, {}]) assert.deepEqual(keptProcesses(unset), known);
  });

  it('can_be_added_to_replaced_and_switched_off', () => {
    const known = keptProcesses(['default']);
    assert.deepEqual(keptProcesses(['default', 'mine']), [...known, 'mine']);
    assert.deepEqual(keptProcesses(['mine', ' mine ', '', 4]), ['mine']);
    assert.deepEqual(keptProcesses([]), []);
  });

  it('hold_no_text_that_every_program_would_have', () => {
    const innocent = [
      'node server.js',
      '/usr/bin/java -cp app.jar com.example.App',
      'sh -c npm run dev',
      'python -m app',
    ];
    for (const text of keptProcesses(['default'])) {
      assert.ok(text.length >= 6, text);
      assert.deepEqual(
        innocent.filter((command) => command.includes(text)),
        [],
      );
    }
  });
});
