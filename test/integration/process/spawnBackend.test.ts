import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LinuxProcTable } from '../../../src/platform/process/linuxProcTable';
import { isSame } from '../../../src/platform/process/procTable';
import { explainShellExit } from '../../../src/platform/process/shellCommand';
import { useBackendRuns } from '../../support/backendRun';
import { hostileProgram } from '../../support/hostileProgram';
import { assertNoProcessWithMarker } from '../../support/leakCheck';

describe('spawnBackend', () => {
  const runs = useBackendRuns();

  const script = (name: string, text: string, mode = 0o755): string => {
    const path = join(runs.dir, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  describe('what it gives to the process', () => {
    it('resolves with the identity of a process that exists, in its own session and group', async () => {
      const table = new LinuxProcTable();
      const run = await runs.start(hostileProgram('neverListens.mjs'));
      const stat = table.statOf(run.identity.pid);
      assert.equal(isSame(run.identity, table), true);
      assert.equal(stat?.groupId, run.identity.pid);
      assert.equal(stat.sessionId, run.identity.pid);
      assert.match(run.marker, /^[0-9a-f]{32}$/);
      assert.equal(run.exitStatus, undefined);
    });

    it('passes argv on without a shell, and the environment as given with the marker added', async () => {
      const print = 'console.log(JSON.stringify([process.argv.slice(1), process.env]))';
      const run = await runs.start([process.execPath, '-e', print, 'a b', '$HOME', '*'], { env: { ONLY: 'this' } });
      const [args, env] = JSON.parse((await runs.printed(/^\[.*\]$/m))[0]) as [string[], Record<string, string>];
      assert.deepEqual(args, ['a b', '$HOME', '*']);
      assert.deepEqual(env, { ONLY: 'this', LOCAL_BACKENDS_RUN: run.marker });
    });

    it('gives command text to the shell unchanged', async () => {
      const run = await runs.start(`printf '%s\\n' "a  b" '$HOME' | tr a-z A-Z; exit 5`);
      assert.deepEqual(await run.exited, { code: 5 });
      await runs.printed(/A {2}B\n\$HOME\n/);
    });

    it('finds a command on the PATH of the environment it is given, relative entries seen from cwd', async () => {
      mkdirSync(join(runs.dir, 'tools'));
      script('tools/mine', '#!/bin/sh\necho found by "$0"\n');
      const run = await runs.start(['mine'], { env: { PATH: 'tools' } });
      await run.exited;
      await runs.printed(/found by .*tools\/mine/);
    });

    it('tells how the process ended, by code or by signal', async () => {
      const byCode = await runs.start(hostileProgram('exitsBeforeReady.mjs', '3'));
      assert.deepEqual(await byCode.exited, { code: 3 });
      assert.deepEqual(byCode.exitStatus, { code: 3 });
      const bySignal = await runs.start('kill -KILL $$');
      assert.deepEqual(await bySignal.exited, { signal: 'SIGKILL' });
    });

    it('knows the identity even of a process that exits at once', async () => {
      for (let i = 0; i < 20; i++) {
        const run = await runs.start(['/bin/true']);
        assert.notEqual(run.identity.startTime, '');
        await run.exited;
      }
    });
  });

  describe('output', () => {
    it('goes to a file only its owner may read, stdout and stderr in their order', async () => {
      const run = await runs.start('echo one; echo two >&2; echo three');
      await run.exited;
      await runs.printed(/^one\ntwo\nthree\n$/);
      assert.equal(statSync(runs.logFile).mode & 0o777, 0o600);
    });

    it('is kept byte for byte, also when it is no text', async () => {
      const run = await runs.start(hostileProgram('binaryOutput.mjs'));
      await run.exited;
      await runs.printed(/\nend\n$/);
      const bytes = readFileSync(runs.logFile);
      assert.deepEqual(
        [...bytes.subarray(0, 256)],
        Array.from({ length: 256 }, (_, i) => i),
      );
    });

    it('is appended to what earlier runs printed', async () => {
      await (
        await runs.start('echo first')
      ).exited;
      await runs.printed(/first\n/);
      await (
        await runs.start('echo second')
      ).exited;
      await runs.printed(/^first\nsecond\n$/);
    });

    it('leaves nothing in the directory but the log', async () => {
      await (
        await runs.start('echo done')
      ).exited;
      await runs.printed(/done/);
      assert.deepEqual(readdirSync(runs.dir), ['backend.log']);
    });

    it('is refused when the log is a link, so that nothing else is written to', async () => {
      writeFileSync(join(runs.dir, 'victim'), 'untouched');
      symlinkSync(join(runs.dir, 'victim'), runs.logFile);
      const problem = await runs.problem('echo leaked');
      assert.equal(problem.code, 'spawnFailed');
      assert.match(problem.message, /log file cannot be written/);
      assert.equal(readFileSync(join(runs.dir, 'victim'), 'utf8'), 'untouched');
    });

    it('lets the pump end as soon as all writers are gone', async () => {
      const run = await runs.start('echo bye');
      await run.exited;
      await assertNoProcessWithMarker(run.marker);
    });
  });

  describe('what goes wrong before there is a process', () => {
    const cases: readonly {
      readonly title: string;
      readonly code: string;
      readonly message: RegExp;
      readonly arrange: () => { command: string | readonly string[]; cwd?: string; env?: Record<string, string> };
    }[] = [
      {
        title: 'a missing working directory is named, not the command',
        code: 'cwdMissing',
        message: /working directory does not exist: .*\/nowhere/,
        arrange: () => ({ command: ['/bin/true'], cwd: join(runs.dir, 'nowhere') }),
      },
      {
        title: 'a working directory that is a file',
        code: 'cwdMissing',
        message: /is not a folder: .*\/plain/,
        arrange: () => ({ command: 'true', cwd: script('plain', '') }),
      },
      {
        title: 'a working directory that is a circle of links',
        code: 'cwdMissing',
        message: /symbolic link that leads nowhere: .*\/loop/,
        arrange: () => {
          symlinkSync(join(runs.dir, 'loop'), join(runs.dir, 'loop'));
          return { command: 'true', cwd: join(runs.dir, 'loop') };
        },
      },
      {
        title: 'a command that is not on the PATH',
        code: 'commandNotFound',
        message: /not found: no-such-command-here/,
        arrange: () => ({ command: ['no-such-command-here'] }),
      },
      {
        title: 'a path that does not exist',
        code: 'commandNotFound',
        message: /not found: \.\/missing \(looked at \/.*\/missing\)/,
        arrange: () => ({ command: ['./missing'] }),
      },
      {
        title: 'an empty command',
        code: 'commandNotFound',
        message: /empty/,
        arrange: () => ({ command: [] }),
      },
      {
        title: 'a file without the executable bit',
        code: 'notExecutable',
        message: /\.\/data is not executable/,
        arrange: () => {
          script('data', '#!/bin/sh\n', 0o644);
          return { command: ['./data'] };
        },
      },
      {
        title: 'a file on the PATH without the executable bit',
        code: 'notExecutable',
        message: /data is not executable/,
        arrange: () => {
          script('data', '#!/bin/sh\n', 0o644);
          return { command: ['data'], env: { PATH: runs.dir } };
        },
      },
      {
        title: 'a folder',
        code: 'notExecutable',
        message: /is a folder/,
        arrange: () => {
          mkdirSync(join(runs.dir, 'folder'));
          return { command: ['./folder'] };
        },
      },
      {
        title: 'a script whose interpreter is missing',
        code: 'commandNotFound',
        message: /\/opt\/no\/interpreter, the interpreter that \.\/bad names/,
        arrange: () => {
          script('bad', '#!/opt/no/interpreter -x\n');
          return { command: ['./bad'] };
        },
      },
      {
        title: 'a script whose interpreter env cannot find',
        code: 'commandNotFound',
        message: /not found: nodee, the interpreter that \.\/bad names/,
        arrange: () => {
          script('bad', '#!/usr/bin/env nodee\n');
          return { command: ['./bad'] };
        },
      },
      {
        title: 'a script with Windows line endings',
        code: 'commandNotFound',
        message: /\/bin\/sh\\r, the interpreter/,
        arrange: () => {
          script('crlf', '#!/bin/sh\r\necho hi\r\n');
          return { command: ['./crlf'] };
        },
      },
      {
        title: 'an argument that is too long',
        code: 'spawnFailed',
        message: /argument 2 is longer than 128 KiB/,
        arrange: () => ({ command: ['/bin/true', 'a', 'x'.repeat(200_000)] }),
      },
      {
        title: 'a variable that is too long',
        code: 'spawnFailed',
        message: /variable BIG is longer than 128 KiB/,
        arrange: () => ({ command: ['/bin/true'], env: { BIG: 'x'.repeat(200_000) } }),
      },
      {
        title: 'a NUL in an argument',
        code: 'spawnFailed',
        message: /Argument 1 contains a NUL/,
        arrange: () => ({ command: ['/bin/true', 'a\0b'] }),
      },
      {
        title: 'a NUL in a variable, whose value is not told',
        code: 'spawnFailed',
        message: /variable SECRET contains a NUL character\.$/,
        arrange: () => ({ command: ['/bin/true'], env: { SECRET: 'a\0b' } }),
      },
    ];
    for (const { title, code, message, arrange } of cases) {
      it(`tells: ${title}`, async () => {
        const { command, ...more } = arrange();
        const problem = await runs.problem(command, more);
        assert.match(problem.message, message);
        assert.equal(problem.code, code);
        assert.ok((problem.hint ?? '').length > 0, 'there is a hint');
      });
    }

    it('does not refuse what the system would run: a script without an interpreter line', async () => {
      script('plain', 'echo ran by sh\n');
      const run = await runs.start(['./plain']);
      assert.deepEqual(await run.exited, { code: 0 });
      await runs.printed(/ran by sh/);
    });

    it('reads from the exit status of a shell what it could not run', async () => {
      script('data', '', 0o644);
      const missing = await (await runs.start('no-such-command-here')).exited;
      assert.deepEqual(explainShellExit(missing.code), { code: 'commandNotFound' });
      const refused = await (await runs.start('./data')).exited;
      assert.deepEqual(explainShellExit(refused.code), { code: 'notExecutable' });
      assert.equal(explainShellExit(1), undefined);
    });
  });
});
