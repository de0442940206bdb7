import { launch } from './launch';
import { logPumpScript } from './logPumpScript';
import { pumpVariable } from './runMarker';

export interface LogPumpLimits {
  /** The file is renamed to `<file>.1` when it has reached this size in bytes. */
  readonly rotateAtBytes: number;
  /** Fewest 64 KiB blocks carried between two looks at the size. */
  readonly stepBlocks: number;
}

/** No file of a backend passes 14 MiB + 32 × 64 KiB = 16 MiB; two generations are kept. */
export const defaultLogPumpLimits: LogPumpLimits = { rotateAtBytes: 14 * 1024 * 1024, stepBlocks: 32 };

/**
 * Starts the pump with the reading end of a pipe as its input. It has its own session, so that no signal to the
 * backend's group reaches it, and it does not carry the run's marker: it is not one of the family.
 * Resolves to its pid; rejects when it cannot be started.
 */
export async function startLogPump(
  logFile: string,
  input: number,
  marker: string,
  limits: LogPumpLimits = defaultLogPumpLimits,
): Promise<number | undefined> {
  const pump = launch({
    file: '/bin/sh',
    args: ['-c', logPumpScript, 'local-backends-log', logFile, String(limits.rotateAtBytes), String(limits.stepBlocks)],
    cwd: '/',
    env: { PATH: toolPath(), [pumpVariable]: marker },
    stdio: [input, 'ignore', 'ignore'],
    detached: true,
  });
  pump.unref();
  await pump.started;
  return pump.pid;
}

/** Where `sleep`, `mkfifo`, `dd`, `mv` and the other small tools are looked for: some systems have none in /usr/bin. */
export function toolPath(): string {
  const own = process.env['PATH'];
  return own === undefined || own === '' ? '/usr/bin:/bin' : `/usr/bin:/bin:${own}`;
}
