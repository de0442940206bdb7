/** What a wake is started with, and what is said of it. */
import type { BackendRecord } from './backendRecord';
import * as failures from './failures';
import { fingerprintOf } from './launchFacts';
import type { BrokerPorts } from './ports';
import { startCause, type StartRequest } from './startRequest';

/** A wake uses the environment of the last start, and runs nothing but what was started then. */
export function wakeRequest(record: BackendRecord, request: StartRequest): StartRequest {
  const { lastLaunch, definition } = record;
  if (lastLaunch?.fingerprint !== fingerprintOf(definition)) throw failures.unknownToWake(record);
  return { ...request, environment: lastLaunch.windowEnvironment };
}

/** The verdict of a wake in words; one that came too soon too often makes the idle timeout longer. */
export function wokenBy(record: BackendRecord, ports: BrokerPorts, request: StartRequest): string {
  const waker = request.cause ?? startCause(request.origin);
  const woken = request.cause ?? `woken: ${waker}`;
  const verdict = record.naps.woken(ports.clock.nowMs(), waker);
  if (verdict.kind === 'calm') return woken;
  const words = `${woken}, a moment after it fell asleep, and so ${verdict.times} times in a short while; its idle timeout is longer now`;
  ports.logger.log('warn', `${record.key} ${words}`);
  return words;
}
