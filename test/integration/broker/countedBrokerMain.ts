/** A broker that counts its timers: SIGUSR2 lets it write how many are set into the file named like its state folder, with `.timers`. */
import { writeFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { stateDirArgument } from '../../../src/protocol/brokerPlaces';
import { repositoryRoot } from '../../support/repositoryRoot';

const countFile = `${process.argv[process.argv.indexOf(stateDirArgument) + 1] ?? ''}.timers`;
const { setTimeout: setTimer, clearTimeout: clearTimer } = globalThis;
const set = new Set<unknown>();

const counted = (run: () => void, delayMs?: number): NodeJS.Timeout => {
  const timer = setTimer(() => {
    set.delete(timer);
    run();
  }, delayMs);
  set.add(timer);
  return timer;
};
globalThis.setTimeout = Object.assign(counted, setTimer);
globalThis.clearTimeout = (timer) => {
  set.delete(timer);
  clearTimer(timer);
};
process.on('SIGUSR2', () => writeFileSync(countFile, String(set.size)));

process.argv[1] = join(repositoryRoot, 'out', 'src', 'broker', 'brokerMain.js');
Module.runMain();
