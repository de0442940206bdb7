import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repositoryRoot';
import { plainCode, readText, tableUnder } from './markdown';

const tests = readdirSync(join(repositoryRoot, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(repositoryRoot, 'test', file), 'utf8'));

describe('CONTRIBUTING threats', () => {
  const rows = tableUnder(readText('CONTRIBUTING.md'), 'Threats');

  it('name_for_each_a_test_that_exists', () => {
    assert.ok(rows.length >= 16);
    for (const [threat = '', , named = ''] of rows) {
      const titles = [...named.matchAll(/`([^`]+)`/g)].map(([code]) => plainCode(code));
      assert.ok(titles.length > 0, threat);
      for (const title of titles)
        assert.ok(
          tests.some((text) => text.includes(title)),
          `${threat}: ${title}`,
        );
    }
  });
});
