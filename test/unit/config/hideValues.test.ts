import assert from 'node:assert/strict';
import { hideValues } from '../../../src/config/hideValues';

describe('hideValues', () => {
  const environment = { TOKEN: 'hunter2-9f8e', PART: 'hunter2', SHORT: 'abc', Mixed: 'value-of-mixed' };
  const hidden = (text: string, definition: object): string => hideValues(text, definition, environment);

  it('writes_the_variable_wherever_its_value_stands', () => {
    const definition = { command: ['run', '--key=${env:TOKEN}'], cwd: '/data/${env:TOKEN}' };
    assert.equal(
      hidden('No folder /data/hunter2-9f8e for run --key=hunter2-9f8e', definition),
      'No folder /data/${env:TOKEN} for run --key=${env:TOKEN}',
    );
  });

  it('takes_the_longest_value_where_one_is_part_of_another', () => {
    assert.equal(
      hidden('hunter2-9f8e hunter2', { env: { A: '${env:PART}', B: '${env:TOKEN}' } }),
      '${env:TOKEN} ${env:PART}',
    );
  });

  it('leaves_alone_what_the_definition_does_not_name_and_what_is_too_short_to_be_a_secret', () => {
    assert.equal(hidden('hunter2-9f8e abc', { cwd: '${env:SHORT}' }), 'hunter2-9f8e abc');
    assert.equal(hidden('hunter2-9f8e', { cwd: '$${env:TOKEN}' }), 'hunter2-9f8e');
  });

  it('finds_a_name_in_another_case_as_windows_does', () => {
    assert.equal(hidden('value-of-mixed', { cwd: '${env:MIXED}' }), '${env:MIXED}');
  });
});
