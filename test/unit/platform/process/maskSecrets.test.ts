import assert from 'node:assert/strict';
import { maskSecrets } from '../../../../src/platform/process/maskSecrets';

describe('maskSecrets', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['mysqld --password=hunter2 -P 3306', 'mysqld --password=*** -P 3306'],
    ['app --db-pass hunter2 --port 80', 'app --db-pass *** --port 80'],
    ['env API_TOKEN=abc node .', 'env API_TOKEN=*** node .'],
    [`sh -c SECRET='a b' PASSWD="c d" run`, 'sh -c SECRET=*** PASSWD=*** run'],
    ['AWS_SECRET_ACCESS_KEY=x npm start', 'AWS_SECRET_ACCESS_KEY=*** npm start'],
    ['psql postgres://me:pw@localhost:5432/db', 'psql postgres://***@localhost:5432/db'],
    ['redis-cli -u redis://:pw@127.0.0.1', 'redis-cli -u redis://***@127.0.0.1'],
    ['curl -H "Authorization: Bearer abcdef123"', 'curl -H "Authorization: Bearer ***"'],
    ['node server.js --port 3000', 'node server.js --port 3000'],
    ['curl http://localhost:3000/a@b', 'curl http://localhost:3000/a@b'],
    ['app --token --verbose', 'app --token --verbose'],
  ];
  for (const [shown, masked] of cases) it(shown, () => assert.equal(maskSecrets(shown), masked));

  it('shows 200 characters at most', () => {
    const masked = maskSecrets('x'.repeat(500));
    assert.equal(masked.length, 200);
    assert.ok(masked.endsWith('…'));
  });

  it('masks a secret that begins before the cut and ends after it', () => {
    assert.ok(!maskSecrets(`${'x'.repeat(150)} --token=${'s3cret'.repeat(100)}`).includes('s3cret'));
  });

  it('is fast on a hostile command line', () => {
    const startMs = performance.now();
    for (const part of ['a', 'key', 'key=', '"', '--key ', 'http://', 'a.'])
      maskSecrets(part.repeat(1_000_000 / part.length));
    assert.ok(performance.now() - startMs < 4_000);
  });
});
