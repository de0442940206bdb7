import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';

const asRoot = process.getuid?.() === 0;
const newNamespace = [
  ...(asRoot ? [] : ['--user', '--map-root-user']),
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
];
/** Many containers allow nobody to make one. */
const mayUnshare = spawnSync('unshare', [...newNamespace, 'true']).status === 0;
const scenes = join(__dirname, 'namespacedMain.js');

async function inNamespace(command: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const child = spawn('unshare', [...newNamespace, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  assert.notEqual(said, '', complained);
  return JSON.parse(said) as Record<string, unknown>;
}

if (mayUnshare) {
  describe('faults: in a namespace of its own', function () {
    this.timeout(90_000);

    it('where number 1 waits for no orphan, zombies of the group neither delay a stop nor keep it from being true', async () => {
      const { state, again, tookMs, zombies } = await inNamespace([process.execPath, scenes, 'unreaped']);
      assert.deepEqual([state, again], ['stopped', 'ready']);
      assert.ok(Number(zombies) >= 3, `${String(zombies)} zombies`);
      assert.ok(Number(tookMs) < 4_000, `${String(tookMs)} ms, less than the grace`);
    });

    it('where the number of a dead backend is given to another program, that program is left alone', async () => {
      const reaping = ['/bin/sh', '-c', '"$0" "$@"; exit $?'];
      const seen = await inNamespace([...reaping, process.execPath, scenes, 'recycled']);
      assert.deepEqual(seen, { hasNumber: true, startedAnother: true, lives: true, livesOn: true });
    });

    it('where control groups can only be looked at, a strict stop is refused in words, and the usual one has to do', async () => {
      const readOnly =
        'for at in $(sed -n "s/.* \\(\\/[^ ]*\\) [^ ]* .*- cgroup2 .*/\\1/p" /proc/self/mountinfo); do ' +
        'mount -o remount,bind,ro "$at"; done; exec "$0" "$@"';
      const seen = await inNamespace(['--mount', '/bin/sh', '-c', readOnly, process.execPath, scenes, 'refused']);
      assert.deepEqual([seen['state'], seen['after']], ['ready', 'stopped']);
      assert.match(String(seen['notStrict']), /^"stop.strict" cannot be had: no control group .* A process that drops/);
    });
  });
}
