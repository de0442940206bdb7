/** A window whose broker runs inside it: starts a backend, tells where and which, and stays until it is killed. */
import { runInProcess } from '../../src/broker/brokerMain';
import { BrokerHarness } from '../support/brokerHarness';
import { idleBackend } from '../support/faultScenario';

async function main(): Promise<void> {
  const harness = new BrokerHarness();
  const window = harness.window({ runInProcess });
  await window.declare({ idle: idleBackend });
  const { pid } = await window.start('idle');
  process.stdout.write(`${JSON.stringify({ pid, root: harness.root })}\n`);
  setTimeout(() => process.exit(1), 60_000);
}

void main();
