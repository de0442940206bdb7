import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import { errorMessage } from '../base/errors';
import { mayHaveProcess } from '../model/backendState';
import type { BackendActions } from './backendActions';
import type { ProcessTreeResult } from '../protocol/messages';
import { attachedPort } from './attachedPort';
import type { BackendStore } from './backendStore';

/** What names a backend in a launch configuration. */
const configurationKey = 'localBackend';

/**
 * Keeps a backend awake while it is debugged: a session belongs to it when its configuration names it, when the
 * debugged process is one of the backend's, or when it attaches to a port on which one of them listens.
 */
export class DebugHolds implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly bySession = new Map<string, DisposableStore>();

  constructor(
    private readonly store: BackendStore,
    private readonly actions: BackendActions,
    private readonly logger: Logger,
  ) {
    this.owned.add(vscode.debug.onDidStartDebugSession((session) => this.started(session)));
    this.owned.add(vscode.debug.onDidTerminateDebugSession((session) => this.ended(session)));
    this.owned.add(
      vscode.debug.registerDebugAdapterTrackerFactory('*', {
        createDebugAdapterTracker: (session) => {
          this.begin(session);
          return {
            onDidSendMessage: (message: unknown) => {
              const pid = processOfEvent(message);
              if (pid !== undefined) this.inBackground(this.holdOwner(session, ({ pids }) => pids.includes(pid)));
            },
          };
        },
      }),
    );
  }

  dispose(): void {
    for (const holds of this.bySession.values()) holds.dispose();
    this.bySession.clear();
    this.owned.dispose();
  }

  private begin(session: vscode.DebugSession): void {
    if (!this.bySession.has(session.id)) this.bySession.set(session.id, new DisposableStore());
  }

  private started(session: vscode.DebugSession): void {
    this.begin(session);
    const named: unknown = session.configuration[configurationKey];
    if (typeof named === 'string') this.inBackground(this.holdNamed(session, named));
    const pid = Number(session.configuration['processId']);
    if (Number.isInteger(pid) && pid > 1) this.inBackground(this.holdOwner(session, ({ pids }) => pids.includes(pid)));
    const port = attachedPort(session.configuration);
    if (port !== undefined) this.inBackground(this.holdOwner(session, ({ ports }) => ports?.includes(port) === true));
  }

  private ended(session: vscode.DebugSession): void {
    this.bySession.get(session.id)?.dispose();
    this.bySession.delete(session.id);
  }

  private async holdNamed(session: vscode.DebugSession, name: string): Promise<void> {
    this.hold(session, (await this.actions.resolve(name)).key);
  }

  private async holdOwner(session: vscode.DebugSession, isOwner: (tree: ProcessTreeResult) => boolean): Promise<void> {
    for (const view of this.store.views()) {
      if (!mayHaveProcess(view.state)) continue;
      if (isOwner(await this.actions.processTree(view.key))) this.hold(session, view.key);
    }
  }

  private hold(session: vscode.DebugSession, key: string): void {
    // Gone when the session ended while we were asking.
    this.bySession.get(session.id)?.add(this.actions.hold(key, 'debug', `debug session ${session.name}`));
  }

  private inBackground(work: Promise<void>): void {
    work.catch((error: unknown) =>
      this.logger.log('warn', `a debug session keeps no backend awake: ${errorMessage(error)}`),
    );
  }
}

/** The process id of the debug adapter's `process` event. */
function processOfEvent(message: unknown): number | undefined {
  if (typeof message !== 'object' || message === null || Reflect.get(message, 'event') !== 'process') return undefined;
  const body: unknown = Reflect.get(message, 'body');
  if (typeof body !== 'object' || body === null) return undefined;
  const pid: unknown = Reflect.get(body, 'systemProcessId');
  return typeof pid === 'number' && pid > 1 ? pid : undefined;
}
