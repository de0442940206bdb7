import type { BrokerPorts } from './ports';

const tailLines = 20;
const settleLookMs = 15;
const settleLooks = 10;

/**
 * The last lines of a backend that just ended. The pump writes them a moment after the exit, so the file is
 * looked at until two looks agree.
 */
export async function settledTail(
  ports: Pick<BrokerPorts, 'logs' | 'clock'>,
  file: string,
): Promise<readonly string[]> {
  let lines = await ports.logs.lastLines(file, tailLines);
  for (let look = 0; look < settleLooks; look++) {
    await new Promise<void>((resolve) => ports.clock.setTimer(settleLookMs, resolve));
    const again = await ports.logs.lastLines(file, tailLines);
    if (again.length === lines.length && again.at(-1) === lines.at(-1)) return again;
    lines = again;
  }
  return lines;
}
