/**
 * The API another extension gets from `vscode.extensions.getExtension('local-backends.local-backends').activate()`.
 * Version 1 is stable: fields may be added, never changed. A `name` is unique in its folder; where several
 * folders have it, `folder/name` is needed.
 */
import type { BackendState } from './model/backendState';
import type { BackendErrorCode, Failure } from './model/failure';
import type { BackendSnapshot } from './model/snapshot';

export type { BackendErrorCode, BackendSnapshot, BackendState, Failure };

export interface ApiDisposable {
  dispose(): void;
}

export interface LocalBackendsApiV1 {
  readonly apiVersion: 1;
  /** All backends of this window, now. When a promise of this API settles, this already shows the outcome. */
  backends(): readonly BackendSnapshot[];
  /** Resolves when ready (at once when it is ready already); rejects with a {@link BackendError}. Concurrent starts share one. */
  start(name: string): Promise<BackendSnapshot>;
  /** Resolves when no process is left and the port is free. */
  stop(name: string): Promise<BackendSnapshot>;
  /** Resolves when asleep (`quiesced`); rejects with code `cancelled` when fresh activity won. */
  sleepNow(name: string): Promise<BackendSnapshot>;
  /** Counts as activity now: the idle countdown starts again. */
  markActivity(name: string): Promise<void>;
  /** Keeps the backend awake until disposed. `reason` is shown to the person. */
  hold(name: string, reason: string): ApiDisposable;
  /** Fires on changes, never on countdown ticks. */
  readonly onDidChangeBackend: (listener: (snapshot: BackendSnapshot) => unknown) => ApiDisposable;
  /**
   * Resolves with the first snapshot that matches, at once when it matches already.
   * Rejects with `readyTimeout` after `timeoutMs` (default 60 000).
   */
  waitForState(
    name: string,
    state: BackendState | ((snapshot: BackendSnapshot) => boolean),
    options?: { readonly timeoutMs?: number },
  ): Promise<BackendSnapshot>;
}

/** What the promises of the API and of the commands reject with. */
export interface BackendError extends Error {
  readonly name: 'BackendError';
  readonly code: BackendErrorCode;
  readonly hint?: string;
  readonly failure: Failure;
}
