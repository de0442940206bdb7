import assert from 'node:assert/strict';
import { lastWords } from '../../../src/model/lastWords';

describe('the last words of a program', () => {
  const cases: readonly [string, readonly string[]][] = [
    ['It printed nothing.', ['', '  ']],
    ['It printed: bye', ['listening', 'bye', '']],
    [
      'It printed: Error: no such table: books',
      ['x.js:3', 'Error: no such table: books', '  at x.js:3', 'Node.js v24'],
    ],
    ['It printed: TypeError: a is not a function', ['connection failed', 'TypeError: a is not a function', ' at b']],
    [
      'It printed: npm error Missing script: "dev"',
      [
        'npm error Missing script: "dev"',
        'npm error',
        'npm error To see a list of scripts, run:',
        'npm error   npm run',
        'npm error A complete log of this run can be found in: /home/me/.npm/_logs/1.log',
      ],
    ],
    ['It printed: bye', ['0 failed', 'Compiled without errors', 'bye']],
    ['It printed: 0 failed', ['0 failed']],
  ];
  for (const [expected, tail] of cases) it(expected, () => assert.equal(lastWords(tail), expected));
});
