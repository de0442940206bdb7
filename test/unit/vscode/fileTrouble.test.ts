import assert from 'node:assert/strict';
import { parseBackendsFile } from '../../../src/config/parse';
import { troubleLabel, troubleOf, troubleText, type FileTrouble } from '../../../src/vscode/fileTrouble';

const folderPath = '/work';
const troubleIn = (text: string): string | undefined => {
  const trouble = troubleOf(text, parseBackendsFile(text, { folderPath }));
  return trouble && troubleText({ filePath: `${folderPath}/backends.json`, folder: 'work', ...trouble });
};

describe('the trouble of a file', () => {
  it('is_its_first_mistake_of_syntax_with_its_line', () => {
    const broken = '{"backends": {\n  "a": {"command": "a"}\n  "b": {"command": "b", "dependsOn": ["c"]}\n}}';
    assert.equal(troubleIn(broken), 'line 3: A comma is missing here.');
  });

  it('is_what_concerns_all_of_it', () => {
    assert.match(troubleIn('') ?? '', /^line 1: This file is empty/);
    assert.match(troubleIn('[]') ?? '', /^line 1: This file must be an object/);
    assert.match(troubleIn('{\n  "backends": []\n}') ?? '', /^line 2: /);
  });

  it('is_none_where_a_row_shows_it_or_all_is_well', () => {
    assert.equal(troubleIn('{"backends": {"a": {"command": 3}}}'), undefined);
    assert.equal(troubleIn('{"backends": {"a": {"command": "a"}}}'), undefined);
    assert.equal(troubleIn('{"$schema": 3, "backends": {"a": {"command": "a"}}}'), undefined, 'its backends are there');
  });

  it('says_what_was_declared_before_stays_only_where_it_does', () => {
    const keeps = (text: string): boolean | undefined =>
      troubleOf(text, parseBackendsFile(text, { folderPath }))?.keepsBefore;
    assert.equal(keeps('{"backends": {'), true);
    assert.equal(keeps(''), true);
    assert.equal(keeps('[]'), false);
  });

  it('names_the_folder_only_where_there_are_others', () => {
    const unreadable: FileTrouble = {
      ...{ filePath: '/work/x', folder: 'shop', message: 'This file cannot be read.', keepsBefore: true },
    };
    assert.equal(troubleLabel(unreadable, 1), 'backends.json');
    assert.equal(troubleLabel(unreadable, 2), 'shop/backends.json');
    assert.equal(troubleText(unreadable), 'This file cannot be read.');
  });
});
