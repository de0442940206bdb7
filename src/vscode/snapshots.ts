import type { FolderDefinition, BackendDefinition } from '../model/backendDefinition';
import { backendKey } from '../model/backendDefinition';
import { backendUrl } from '../model/backendUrl';
import type { BackendSnapshot, BackendView } from '../model/snapshot';

/** The view of a backend that no broker has spoken of: what the file says, stopped. */
export function localView(folder: FolderDefinition, definition: BackendDefinition, sinceWallMs: number): BackendView {
  const port = typeof definition.port === 'number' ? definition.port : undefined;
  const url = backendUrl(definition, port);
  return {
    key: backendKey(folder.path, definition.name),
    name: definition.name,
    folder: folder.name,
    folderPath: folder.path,
    state: 'stopped',
    stateSince: sinceWallMs,
    restartToApply: false,
    oneShot: definition.oneShot,
    ...(port === undefined ? {} : { publicPort: port }),
    ...(url === undefined ? {} : { url }),
    ...(folder.trusted ? {} : { untrusted: true }),
    ...(definition.problem === undefined ? {} : { problem: definition.problem }),
  };
}

/** The part of a view that other extensions are promised. */
export function toSnapshot(view: BackendView): BackendSnapshot {
  const { key, name, folder, state, stateSince, pid, publicPort, upstreamPort, url } = view;
  const { spawnWait, idle, failure, lastVerdict, notAnswering } = view;
  return {
    ...{ key, name, folder, state, stateSince },
    ...(pid === undefined ? {} : { pid }),
    ...(publicPort === undefined ? {} : { publicPort }),
    ...(upstreamPort === undefined ? {} : { upstreamPort }),
    ...(url === undefined ? {} : { url }),
    ...(spawnWait === undefined ? {} : { spawnWait }),
    ...(idle === undefined ? {} : { idle }),
    ...(failure === undefined ? {} : { failure }),
    ...(lastVerdict === undefined ? {} : { lastVerdict }),
    ...(notAnswering === undefined ? {} : { notAnswering }),
  };
}

/**
 * What must differ for a change to be worth telling: everything but the clocks that run inside a snapshot. Of the
 * holds it is their kinds: what is counted in their words goes up and down with every connection.
 */
export function changeSignature(snapshot: BackendSnapshot): string {
  const { idle, spawnWait, ...rest } = snapshot;
  const kinds = idle?.holds.map(({ kind }) => kind).sort();
  return JSON.stringify([rest, idle?.idleTimeoutMs, kinds, spawnWait?.attempt, spawnWait?.hardCeilingMs]);
}
