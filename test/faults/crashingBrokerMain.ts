/** A broker that kills itself at a named point, once: the file named like its state folder, with `.crash`, says where. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { LeashKeeper } from '../../src/broker/leashKeeper';
import { RunGuard } from '../../src/broker/runGuard';
import { stateDirArgument } from '../../src/protocol/brokerPlaces';
import { repositoryRoot } from '../support/repositoryRoot';

const crashFile = `${process.argv[process.argv.indexOf(stateDirArgument) + 1] ?? ''}.crash`;

function reached(point: string): void {
  if (!existsSync(crashFile) || readFileSync(crashFile, 'utf8') !== point) return;
  rmSync(crashFile);
  process.kill(process.pid, 'SIGKILL');
}

type Step = (...args: unknown[]) => unknown;

function watchSteps(owner: object, names: readonly string[]): void {
  for (const name of names) {
    const step = Reflect.get(owner, name) as Step;
    Reflect.set(owner, name, function (this: unknown, ...args: unknown[]): unknown {
      reached(`before ${name}`);
      const result = step.apply(this, args);
      if (!(result instanceof Promise)) reached(`after ${name}`);
      return result instanceof Promise ? result.finally(() => reached(`after ${name}`)) : result;
    });
  }
}

watchSteps(RunGuard.prototype, ['intend', 'started', 'ready', 'ending', 'signalled', 'asleep', 'over']);
watchSteps(LeashKeeper.prototype, ['hold']);

process.argv[1] = join(repositoryRoot, 'out', 'src', 'broker', 'brokerMain.js');
Module.runMain();
