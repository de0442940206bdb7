import { criticalFirst } from '../model/criticalPath';
import type { BackendView } from '../model/snapshot';
import type { BackendStore } from './backendStore';

/**
 * Backends in the order in which to ask for their starts: the broker begins with those it hears of first, so these
 * are the ones that the longest chain waits for.
 */
export function longestFirst(store: Pick<BackendStore, 'definition'>, views: readonly BackendView[]): BackendView[] {
  const folders = new Set(views.map((view) => view.folderPath));
  return [...folders].flatMap((folder) => {
    const starts = views
      .filter((view) => view.folderPath === folder)
      .map((view) => ({
        ...{ view, name: view.name, dependsOn: store.definition(view.key)?.definition.dependsOn ?? [] },
        ...(view.typicalReadyMs !== undefined && { typicalMs: view.typicalReadyMs }),
      }));
    return criticalFirst(starts).map(({ view }) => view);
  });
}
