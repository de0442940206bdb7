import assert from 'node:assert/strict';
import { SpawnFailure, spawnProblem } from '../../../../src/platform/process/spawnProblem';

const attempt = { program: 'serve', cwd: '/w', args: ['a'], env: { A: 'secret' } };
const systemError = (code: string): Error => Object.assign(new Error(`spawn serve ${code}`), { code });

describe('spawnProblem', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['ENOENT', 'commandNotFound', /not found: serve/],
    ['EACCES', 'permissionDenied', /No permission to run serve in \/w/],
    ['EPERM', 'permissionDenied', /No permission/],
    ['ENOEXEC', 'notExecutable', /not a program this system can run/],
    ['E2BIG', 'spawnFailed', /together are too long/],
    ['EAGAIN', 'spawnFailed', /limit of processes/],
    ['EMFILE', 'spawnFailed', /too many files/],
    ['ENFILE', 'spawnFailed', /too many files/],
    ['ENOMEM', 'spawnFailed', /not enough memory/],
    ['ENOSPC', 'spawnFailed', /disk is full/],
  ];
  for (const [said, code, message] of cases) {
    it(`${said} is ${code}, with the program named and something to do`, () => {
      const problem = spawnProblem(systemError(said), attempt);
      assert.equal(problem.code, code);
      assert.match(problem.message, message);
      assert.match(problem.message, /serve/);
      assert.ok((problem.hint ?? '').length > 0);
    });
  }

  it('anything else is told as the system said it', () => {
    assert.deepEqual(spawnProblem(systemError('EWEIRD'), attempt), {
      code: 'spawnFailed',
      message: 'serve could not be started: spawn serve EWEIRD',
    });
  });

  it('a failure that is already told is passed on', () => {
    const problem = { code: 'cwdMissing', message: 'm', hint: 'h' } as const;
    assert.equal(spawnProblem(new SpawnFailure(problem), attempt), problem);
  });

  it('names the argument or the variable that is too long, never its value', () => {
    const long = 'v'.repeat(131_072);
    assert.match(spawnProblem(systemError('E2BIG'), { ...attempt, args: ['', long] }).message, /argument 2 is longer/);
    const { message } = spawnProblem(systemError('E2BIG'), { ...attempt, env: { TOKEN: long } });
    assert.match(message, /variable TOKEN is longer/);
    assert.ok(!message.includes('vvv'));
  });
});
