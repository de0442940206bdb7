/** What one start needs: the backend, the machine, and what the supervisor does for it. */
import type { CancellationSignal } from '../base/cancellation';
import type { Disposable } from '../base/lifecycle';
import type { SpawnWaitView } from '../model/snapshot';
import type { ExitStatus } from '../platform/process/types';
import type { BackendRecord } from './backendRecord';
import type { Launch } from './launch';
import type { BrokerPorts } from './ports';
import type { StartRequest } from './startRequest';

export interface StartServices {
  /** Brings all dependencies up; rejects with the failure of the first that does not come. */
  bringDependencies(record: BackendRecord, request: StartRequest, cancel: CancellationSignal): Promise<void>;
  /** Names of needed dependencies that are not ready now. */
  missingDependencies(record: BackendRecord, request: StartRequest): readonly string[];
  /** Resolves when it is this backend's turn, undefined when cancelled first; tells behind whose starts it waits. */
  takeTurn(
    record: BackendRecord,
    cancel: CancellationSignal,
    waitsBehind: (names: readonly string[]) => void,
  ): Promise<Disposable | undefined>;
  resolveLaunch(record: BackendRecord, request: StartRequest): Promise<Launch>;
  /** Takes the public port for the backend's gateway, or lets go of it where there is none; false: it is taken. */
  takePublicPort(record: BackendRecord, launch: Launch): Promise<boolean>;
  /** Key of the backend of ours that uses the port, if one does. */
  backendOnPort(port: number): string | undefined;
}

export interface StartParams {
  readonly record: BackendRecord;
  readonly ports: BrokerPorts;
  readonly services: StartServices;
  readonly request: StartRequest;
  readonly cause: string;
  readonly cancel: CancellationSignal;
  readonly showSpawnWait: (view: () => SpawnWaitView) => void;
  /** Gives a way to look again at once, for evidence from outside; good until the wait is decided. */
  readonly showLooks: (look: (reason: string) => void) => void;
  /** Told when the ready process ended by itself. */
  readonly onEnded: (status: ExitStatus) => void;
}
