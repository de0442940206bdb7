import assert from 'node:assert/strict';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupPlace } from '../../../src/platform/process/controlGroup';
import { markerVariable, newMarker } from '../../../src/platform/process/runMarker';
import type { RunSpec } from '../../../src/platform/process/types';
import { useBackendRuns } from '../../support/backendRun';
import { waitUntil } from '../../support/waitUntil';

const { kind } = groupPlace(newMarker());

if (kind === 'place') {
  describe('a program that enters a control group', function () {
    this.timeout(20_000);
    const runs = useBackendRuns();

    const env = {
      PATH: `/usr/bin:/bin`,
      PLAIN: 'a "b" $c',
      'spring.datasource.url': 'it\'s "$PATH" `id`\nand more\\',
      'A-B': '',
      '-u': 'no option',
      'BASH_FUNC_f%%': '() { echo; }',
      "quo'ted": 'x',
      PWD: '/elsewhere',
      SHLVL: '7',
      IFS: ':',
      PPID: '1',
      _: 'before',
    };

    interface Seen {
      readonly environment: readonly string[];
      readonly commandLine: string;
    }

    const seen = async (command: readonly string[], more: Partial<RunSpec>): Promise<Seen> => {
      const run = await runs.start(command, { env, ...more });
      const read = (name: string): string => readFileSync(`/proc/${run.identity.pid}/${name}`, 'latin1');
      const commandLine = await waitUntil('the program to be there', () => {
        const now = read('cmdline');
        return now.endsWith('\x00987\x00') && !now.includes('/usr/bin/env') ? now : undefined;
      });
      const environment = read('environ').split('\0').filter(Boolean).sort();
      await runs.stop(run, { graceMs: 0 });
      return { environment: environment.filter((entry) => !entry.startsWith(`${markerVariable}=`)), commandLine };
    };

    const assertSame = async (command: readonly string[], more: Partial<RunSpec> = {}): Promise<Seen> => {
      const plain = await seen(command, more);
      const marker = newMarker();
      const place = groupPlace(marker);
      assert.ok(place.kind === 'place');
      assert.deepEqual(await seen(command, { marker, group: place.path, ...more }), plain);
      return plain;
    };

    it('has the environment that it would have outside, whatever the names in it', async () => {
      const { environment, commandLine } = await assertSame(['sleep', '987']);
      assert.deepEqual(
        environment,
        Object.entries(env)
          .map((entry) => entry.join('='))
          .sort(),
      );
      assert.equal(commandLine, 'sleep\x00987\x00');
    });

    it('has an empty one when it is given none', async () => {
      assert.deepEqual((await assertSame(['/bin/sleep', '987'], { env: {} })).environment, []);
    });

    it('is called by the name that was written', async () => {
      symlinkSync('/bin/sleep', join(runs.dir, 'mine'));
      assert.equal((await assertSame(['./mine', '987'])).commandLine, './mine\x00987\x00');
      assert.equal((await assertSame(['/bin/sleep', '987'])).commandLine, '/bin/sleep\x00987\x00');
    });

    it('is called by its path when it is a script', async () => {
      writeFileSync(join(runs.dir, 'script'), '#!/bin/sh\nwhile :; do sleep 100; done\n', { mode: 0o755 });
      assert.match((await assertSame(['./script', '987'])).commandLine, /\/script\x00987\x00$/);
    });

    it('is refused, in plain words, where its path has a "=" in it', async () => {
      symlinkSync('/bin/sleep', join(runs.dir, 'a=b'));
      const marker = newMarker();
      const place = groupPlace(marker);
      assert.ok(place.kind === 'place');
      const problem = await runs.problem(['./a=b', '987'], { marker, group: place.path });
      assert.match(problem.message, /^With "stop.strict" a program cannot be started whose path has a "=" in it: /);
    });
  });
} else {
  describe('a machine on which no program can enter a control group', () => {
    it('says so', () => assert.equal(kind, 'none'));
  });
}
