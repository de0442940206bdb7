import { setTimeout as sleep } from 'node:timers/promises';
import { processesWithVariable } from '../runner/leaks';

const brokerBundle = /\bbroker\.js\b/;
const brokerGraceMs = 15_000;
const lookEveryMs = 50;

/**
 * Ends the broker of one state directory, which outlives its VS Code on purpose; it stops its backends before it
 * leaves. No other process is touched: what stays behind is the leak check's to name.
 */
export async function endBrokers(stateDir: string): Promise<void> {
  const brokers = (): readonly { readonly pid: number }[] =>
    processesWithVariable(`LOCAL_BACKENDS_STATE_DIR=${stateDir}`).filter(({ command }) => brokerBundle.test(command));
  for (const { pid } of brokers()) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It left by itself in the meantime.
    }
  }
  const deadline = performance.now() + brokerGraceMs;
  while (brokers().length > 0 && performance.now() < deadline) await sleep(lookEveryMs);
}
