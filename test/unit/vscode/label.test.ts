import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repositoryRoot';
import { notificationText } from '../../../src/vscode/label';

/** What VS Code takes for a link in the text of a notification. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

const sources = readdirSync(join(repositoryRoot, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'));
const filesWith = (pattern: RegExp): string[] =>
  sources.filter((file) => pattern.test(readFileSync(join(repositoryRoot, 'src', file), 'utf8')));

describe('notificationText', () => {
  it('leaves_no_link_that_a_name_or_a_message_could_smuggle_in', () => {
    for (const text of [
      'api [Fix](command:workbench.action.terminal.sendSequence) failed',
      '[[a](command:x)](command:y)',
      '[a]\u200b(command:x)',
      '[a]\u202e(https://example.org "b")',
      '](](command:x)',
    ]) {
      assert.doesNotMatch(notificationText(text), link, text);
    }
  });

  it('leaves_ordinary_text_as_it_is', () => {
    const text = 'api: exit 1 (see [log] for more), f(x)[0]';
    assert.equal(notificationText(text), text);
  });
});

describe('notifications', () => {
  it('are_shown_through_the_one_file_that_breaks_links', () => {
    assert.deepEqual(filesWith(/\bshow(Information|Warning|Error)Message\b/), ['vscode/notifications.ts']);
  });

  it('of_progress_break_links_too', () => {
    assert.deepEqual(filesWith(/\bwithProgress\b/), ['vscode/progress.ts']);
    const text = readFileSync(join(repositoryRoot, 'src/vscode/progress.ts'), 'utf8');
    assert.match(text, /title: shown\(/);
    assert.deepEqual(text.match(/message: (?!shown\()\S+/g) ?? [], []);
  });
});
