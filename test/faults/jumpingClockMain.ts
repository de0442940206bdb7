/** A broker whose clock is set while it runs: SIGUSR2 lets it read the difference, in ms, from the file named like its state folder, with `.clock`. */
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { stateDirArgument } from '../../src/protocol/brokerPlaces';
import { repositoryRoot } from '../support/repositoryRoot';

const clockFile = `${process.argv[process.argv.indexOf(stateDirArgument) + 1] ?? ''}.clock`;
const trueNow = Date.now;
const set = { aheadMs: 0 };

Date.now = () => trueNow() + set.aheadMs;
process.on('SIGUSR2', () => (set.aheadMs = Number(readFileSync(clockFile, 'utf8'))));

process.argv[1] = join(repositoryRoot, 'out', 'src', 'broker', 'brokerMain.js');
Module.runMain();
