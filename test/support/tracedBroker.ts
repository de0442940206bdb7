import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateDirArgument } from '../../src/protocol/brokerPlaces';
import { brokerScript, type BrokerHarness } from './brokerHarness';
import { neededProgram } from './neededProgram';
import { waitUntil } from './waitUntil';

/**
 * Connects the harness to a broker that runs under strace, which writes down these system calls of it and of all that comes of it.
 * The answer says goodbye, waits for the end of all of them and resolves with what was written down.
 */
export async function startTraced(b: BrokerHarness, calls: string): Promise<() => Promise<string>> {
  const trace = join(b.root, 'trace');
  const broker = [process.execPath, brokerScript, stateDirArgument, b.stateDir];
  const args = ['-f', '-qq', '-e', `trace=${calls}`, '-e', 'signal=none', '-o', trace, ...broker];
  const ended = once(spawn(neededProgram('strace'), args, { stdio: 'ignore' }), 'exit');
  await waitUntil('the traced broker', () => b.link.connectExisting(), 40_000);
  return async () => {
    b.link.dispose();
    await ended;
    return readFileSync(trace, 'utf8');
  };
}
