import { strict as assert } from 'node:assert';
import { isComplete, isUnreadOnly, keepVanished } from '../../../src/config/keepVanished';
import { parseBackendsFile, type ParsedConfig } from '../../../src/config/parse';

const parse = (text: string): ParsedConfig => parseBackendsFile(text, { folderPath: '/work' });
const before = parse('{"backends": {"a": {"command": "a"}, "b": {"command": "b"}}}').backends;

describe('keepVanished', () => {
  it('keeps what a half written file has lost, in its place, as not to be started', () => {
    const now = parse('{"backends": {"b": {"command": "other"}, "c": {"command": "c"}');
    const kept = keepVanished(now.backends, before);
    assert.deepEqual(
      kept.map(({ name, command, problem }) => [name, command, problem !== undefined]),
      [
        ['a', 'a', true],
        ['b', 'other', false],
        ['c', 'c', true],
      ],
    );
  });

  it('keeps one that is found broken as it was, so that it can be woken', () => {
    const whole = parse(
      '{"backends": {"api": {"command": "a", "dependsOn": ["db"]}, "db": {"command": "d"}}}',
    ).backends;
    const now = parse('{"backends": {"api": {"command": "a", "dependsOn": ["db"]}, "db" {"command": "d"}}}');
    const [api, db] = keepVanished(now.backends, whole);
    assert.ok(api && db && isUnreadOnly(api) && isUnreadOnly(db), JSON.stringify([api, db]));
    assert.deepEqual([api.dependsOn, db.command], [['db'], 'd']);
  });

  it('adds nothing to what is all there', () => {
    assert.deepEqual(keepVanished(before, before), before);
  });
});

describe('isComplete', () => {
  it('tells a text with something wrong in it from one that is not all there', () => {
    for (const text of ['', ' \n', '// only a comment', '{', '{"backends": {"a": {"command": "a"', '\0']) {
      assert.equal(isComplete(parse(text)), false, JSON.stringify(text));
    }
    for (const text of ['{"backends": {}}', '{"backends": {"a": {"command": 3}}}', '[]']) {
      assert.equal(isComplete(parse(text)), true, text);
    }
  });
});
