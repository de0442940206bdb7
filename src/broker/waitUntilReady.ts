/** Waits for one started process: until its probes hold, it ends, the ceiling is reached, or the start is cancelled. */
import { CancellationSource } from '../base/cancellation';
import { DisposableStore, toDisposable, type Disposable } from '../base/lifecycle';
import { definitionDefaults } from '../model/backendDefinition';
import { isOutputReason, outputReasons } from '../model/outputEvidence';
import { SpawnWaitPolicy } from '../model/spawnWait';
import type { ExitStatus } from '../platform/process/types';
import type { LiveRun } from './backendRecord';
import { readinessOf } from './readinessOf';
import type { RunWatch } from './runWatch';
import { ReadySayings } from './saidReady';
import { SpawnWaitLoop } from './spawnWaitLoop';
import { findPort, followOutput, watchPort, watchSockets } from './startEvidence';
import type { StartParams } from './startParams';

export type WaitResult =
  /** `saidSo`: it was its output that told. */
  | { readonly kind: 'ready'; readonly saidSo?: boolean }
  | { readonly kind: 'exited'; readonly status: ExitStatus }
  | { readonly kind: 'timeout'; readonly hardCeilingMs: number; readonly probed: string }
  | { readonly kind: 'cancelled' };

/** Extra looks that start a program begin at least so far apart. */
const execGapMs = 1_000;

/** A one-shot is ready when it has exited with 0. */
export async function waitForExit(
  { record, ports, cancel, showSpawnWait }: StartParams,
  live: LiveRun,
): Promise<WaitResult> {
  const store = new DisposableStore();
  const hardCeilingMs = record.definition.ready.timeoutMs;
  const startedMs = ports.clock.nowMs();
  showSpawnWait(() => {
    const elapsedMs = ports.clock.nowMs() - startedMs;
    return { attempt: 0, elapsedMs, nextProbeInMs: Math.max(0, hardCeilingMs - elapsedMs), hardCeilingMs };
  });
  try {
    return await new Promise<WaitResult>((resolve) => {
      store.add(cancel.onCancelled(() => resolve({ kind: 'cancelled' })));
      store.add(
        ports.clock.setTimer(hardCeilingMs, () =>
          resolve({ kind: 'timeout', hardCeilingMs, probed: 'exit of the one-shot' }),
        ),
      );
      void live.run.exited.then((status) =>
        resolve(status.code === 0 ? { kind: 'ready' } : { kind: 'exited', status }),
      );
    });
  } finally {
    store.dispose();
  }
}

export async function waitUntilReady(
  params: StartParams,
  live: LiveRun,
  logOffset: number,
  watch: RunWatch,
  onExit: (listener: (status: ExitStatus) => void) => void,
): Promise<WaitResult> {
  const { record, ports, cancel } = params;
  const { ready } = record.definition;
  const store = new DisposableStore();
  const required = { ...ready, probes: live.launch.probes, written: ready.probes };
  const found = (): void => loop.kick(outputReasons.found);
  const readiness = store.add(readinessOf(ports, live, required, found, () => sayings));
  // Looks still in progress when the wait is decided have nobody left to tell.
  const decided = new CancellationSource();
  store.add(toDisposable(() => decided.cancel()));
  let exited: ExitStatus | undefined;
  const loop: SpawnWaitLoop = new SpawnWaitLoop({
    policy: SpawnWaitPolicy.withHardCeiling(ready.timeoutMs),
    clock: ports.clock,
    cancel,
    extraGapMs: live.launch.probes.some((probe) => probe.kind === 'exec') ? execGapMs : 0,
    ...(ready.successThreshold === undefined ? {} : { successThreshold: ready.successThreshold }),
    ...(ready.probeTimeoutMs === undefined ? {} : { probeTimeoutMs: ready.probeTimeoutMs }),
    probe: async (timeoutMs) => {
      const outcome = await readiness.probe(timeoutMs, decided);
      // Without this a process that exits at once would be "still alive after a short settle".
      if (outcome.ok) await findPort(params, live);
      if (outcome.ok) return watch.certainlyAlive ? outcome : { ok: false, saw: 'it has exited' };
      return where === undefined || loop.isConnected ? outcome : { ...outcome, saw: where.explain(outcome.saw) };
    },
    daemonAlive: () => watch.alive,
    onProbe: (probe) => record.addProbe(probe),
  });
  onExit((status) => {
    exited = status;
    loop.daemonExited();
  });
  params.showSpawnWait(() => loop.view());
  params.showLooks((reason) => loop.kick(reason));
  const told = (): void => loop.kick(outputReasons.descriptor);
  const sayings = live.launch.readyFile && store.add(new ReadySayings(ports.logs, live.launch.readyFile, told));
  store.add(followOutput(params, live, logOffset, readiness, loop));
  store.add(watchSockets(params, live, loop));
  const where = watchPort(params, live, store, loop);
  if (live.launch.probes.length === 0 && ready.withoutProbes === 'settle') {
    store.add(ports.clock.setTimer(definitionDefaults.settleMs, () => loop.kick('settled')));
  }
  store.add(atUsualMoment(params, () => loop.kick('usually ready about now')));
  const outcome = await loop.run();
  store.dispose();
  switch (outcome.kind) {
    case 'endpointReady':
      return { kind: 'ready', saidSo: isOutputReason(outcome.reason) };
    case 'daemonExitedBeforeReady':
      return { kind: 'exited', status: exited ?? live.run.exitStatus ?? {} };
    case 'timeout':
      return { kind: 'timeout', hardCeilingMs: outcome.hardCeilingMs, probed: readiness.describe };
    case 'cancelled':
      return { kind: 'cancelled' };
  }
}

/** Nothing without past starts that were alike. */
function atUsualMoment({ record, ports }: StartParams, look: () => void): Disposable {
  const usualMs = ports.history.expectation(record.startId)?.probeAtMs;
  return usualMs === undefined ? toDisposable(() => {}) : ports.clock.setTimer(usualMs, look);
}
