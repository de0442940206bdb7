/** What a wake or an automatic restart is started with, and what is said of it. */
import { BackendFailure } from '../protocol/backendFailure';
import type { BackendRecord } from './backendRecord';
import * as failures from './failures';
import type { Launch } from './launch';
import { whatRunsHash } from './launchFacts';
import type { BrokerPorts } from './ports';
import { spendsBudget, startCause, type StartRequest } from './startRequest';

/** Whether the definition is still the one of the last start, with all that asks the backend. */
export function isKnown({ lastLaunch, definition }: BackendRecord): boolean {
  return lastLaunch?.whatRuns === whatRunsHash(definition);
}

/**
 * What nobody asks for at this moment uses the environment of the last start, and runs only what was agreed to then: also
 * when the file changes while it waits for its turn.
 */
export function effectiveRequest(record: BackendRecord, request: StartRequest): StartRequest {
  const { lastLaunch, definition } = record;
  if (!spendsBudget(request.origin)) return request;
  if (lastLaunch === undefined || !isKnown(record)) throw failures.unknownToStart(record, request.origin);
  return { ...request, definition, environment: lastLaunch.windowEnvironment };
}

/** A link in its `cwd` may lead elsewhere by now: the same words, another program. */
export function requireKnownPlace(record: BackendRecord, { origin }: StartRequest, launch: Launch): void {
  if (spendsBudget(origin) && record.lastLaunch?.realCwd !== launch.realCwd)
    throw failures.movedElsewhere(record, origin);
}

/** Shows why it is not started again by itself, where that is because nobody agreed to what it is now. */
export function showRefusal(record: BackendRecord, error: unknown): boolean {
  if (!(error instanceof BackendFailure) || isKnown(record)) return false;
  record.amendFailure({ ...error.failure, logTail: record.failure?.logTail ?? [] });
  return true;
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
