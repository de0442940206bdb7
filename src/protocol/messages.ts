/**
 * Everything that crosses the socket between a client (window, agent) and the broker.
 * Both sides import this file and nothing else of each other. Errors travel as `BrokerErrorData`.
 */
import type { LogLevel } from '../base/logger';
import type { BackendKey, FolderDefinition } from '../model/backendDefinition';
import type { Failure } from '../model/failure';
import type { BackendDetails, BackendView, HoldKind } from '../model/snapshot';
import { NotificationType, RequestType } from './rpcConnection';

/** Raised on every incompatible change of this file; brokers of different versions live side by side. */
export const protocolVersion = 1;

export interface HelloParams {
  readonly protocolVersion: number;
  readonly buildId: string;
  /** The secret beside the socket: proves that the client may read the private state directory. */
  readonly token: string;
  /** For people: `Visual Studio Code (folder)`. */
  readonly clientName: string;
  readonly clientPid: number;
}

export interface HelloResult {
  readonly protocolVersion: number;
  readonly buildId: string;
  readonly brokerPid: number;
  /** True when the broker lives inside the extension host of the client. */
  readonly inProcess: boolean;
  /** Number of backends with a live process; 0 means that the broker may be replaced. */
  readonly running: number;
}

/** What the settings say; the last client to speak wins. */
export interface BrokerSettings {
  readonly reconnectGraceMs: number;
  /** Backends started at the same time at most. */
  readonly maxConcurrentStarts: number;
}

export interface UpdateWorkspaceParams {
  /** All folders of the window; a folder missing here is no longer held by this client. */
  readonly folders: readonly FolderDefinition[];
  readonly settings: BrokerSettings;
}

/** Who asked for a start. Only the first three need no consent and spend no budget. */
export type StartOrigin = 'person' | 'api' | 'task' | 'autoStart' | 'agent' | 'restartPolicy' | 'wake';

export interface StartParams {
  readonly key: BackendKey;
  readonly origin: StartOrigin;
  /** The environment of the window that asks, scrubbed of what the editor put there. */
  readonly environment: Readonly<Record<string, string>>;
  /** Take a free port instead of the declared one, for this run. */
  readonly anotherPort?: boolean;
}

/** No parameters. */
export type Nothing = Readonly<Record<string, never>>;

export interface KeyParams {
  readonly key: BackendKey;
}

export interface StopParams extends KeyParams {
  /** In words, for the timeline: `stopped from the tree`. */
  readonly cause: string;
  /** SIGKILL at once: nothing is waited for any more. */
  readonly force?: boolean;
}

export interface KeepAwakeParams extends KeyParams {
  /** Length in ms; undefined: until released. */
  readonly durationMs?: number;
}

export interface HoldParams extends KeyParams {
  readonly holdId: string;
  readonly kind: HoldKind;
  readonly reason: string;
}

export interface ReleaseHoldParams {
  readonly holdId: string;
}

export interface SignalProcessParams {
  readonly pid: number;
  readonly startTime: string;
}

export interface BackendsChangedParams {
  readonly changed: readonly BackendView[];
  readonly removed: readonly BackendKey[];
}

export interface BrokerLogParams {
  readonly level: LogLevel;
  readonly message: string;
}

export interface ProcessTreeResult {
  readonly pids: readonly number[];
  /** What they listen on; undefined from a broker of an older build. */
  readonly ports?: readonly number[];
}

/** The `data` of a JSON-RPC error. */
export interface BrokerErrorData {
  readonly failure: Failure;
}

export const requests = {
  hello: new RequestType<HelloParams, HelloResult, void>('hello'),
  /** Declares folders and settings; answers with the views of all backends in those folders. */
  updateWorkspace: new RequestType<UpdateWorkspaceParams, readonly BackendView[], void>('updateWorkspace'),
  /** Resolves when ready; rejects with `BrokerErrorData`. Concurrent starts share one. */
  start: new RequestType<StartParams, BackendView, BrokerErrorData>('start'),
  /** Cancels a start in progress and stops what was spawned for it; resolves when it is gone. */
  cancelStart: new RequestType<KeyParams, BackendView, BrokerErrorData>('cancelStart'),
  /** Resolves when no process is left and the port is free. Dependents are stopped first. */
  stop: new RequestType<StopParams, BackendView, BrokerErrorData>('stop'),
  restart: new RequestType<StartParams, BackendView, BrokerErrorData>('restart'),
  /** Drains and puts to sleep now; resolves when quiesced; rejects with `cancelled` when activity won. */
  sleepNow: new RequestType<KeyParams, BackendView, BrokerErrorData>('sleepNow'),
  keepAwake: new RequestType<KeepAwakeParams, BackendView, BrokerErrorData>('keepAwake'),
  releaseKeepAwake: new RequestType<KeyParams, BackendView, BrokerErrorData>('releaseKeepAwake'),
  markActivity: new RequestType<KeyParams, void, BrokerErrorData>('markActivity'),
  /** Held until released or until the client's connection ends. */
  hold: new RequestType<HoldParams, void, BrokerErrorData>('hold'),
  releaseHold: new RequestType<ReleaseHoldParams, void, void>('releaseHold'),
  details: new RequestType<KeyParams, BackendDetails, BrokerErrorData>('details'),
  /** Pids of the backend's process tree now, and its ports: tells whether a debuggee belongs to it. */
  processTree: new RequestType<KeyParams, ProcessTreeResult, BrokerErrorData>('processTree'),
  /** Ends a port holder or leftover the person chose, by identity; refuses when the pid was recycled. */
  endProcess: new RequestType<SignalProcessParams, void, BrokerErrorData>('endProcess'),
  /** Lets go of processes that would not end; they run on. Rejects with `cancelled` when there are none. */
  ignoreLeftovers: new RequestType<KeyParams, BackendView, BrokerErrorData>('ignoreLeftovers'),
  /** Asks an idle broker to make room for another build. Answers false when it has backends running or asleep. */
  retire: new RequestType<Nothing, boolean, void>('retire'),
  /** All backends of the user that have a process, whichever client has their folder open. */
  runningEverywhere: new RequestType<Nothing, readonly BackendView[], void>('runningEverywhere'),
} as const;

export const notifications = {
  backendsChanged: new NotificationType<BackendsChangedParams>('backendsChanged'),
  log: new NotificationType<BrokerLogParams>('log'),
  /** The broker is about to exit on purpose. */
  goingAway: new NotificationType<{ readonly reason: string }>('goingAway'),
} as const;
