import { shownName } from '../model/statusPresentation';
import type { BackendView } from '../model/snapshot';
import { BackendFailure } from '../protocol/backendFailure';

/** How a person or another extension names a backend: `folder/name` where several folders have it. */
export function qualifiedName(view: BackendView): string {
  return `${view.folder}/${view.name}`;
}

/**
 * Finds the one backend that `name` means: its name, `folder/name` or its key.
 * Throws a {@link BackendFailure} with code `unknownBackend` when there is none or more than one.
 */
export function resolveBackend(views: readonly BackendView[], name: string): BackendView {
  const exact = views.find((view) => view.key === name);
  if (exact !== undefined) return exact;
  const matches = views.filter((view) => view.name === name);
  const candidates = matches.length > 0 ? matches : views.filter((view) => qualifiedName(view) === name);
  const [only, ...others] = candidates;
  if (only === undefined) {
    const known = views.map((view) => shownName(view, views));
    const hint = known.length === 0 ? 'No backend is declared in this window.' : `Declared here: ${known.join(', ')}.`;
    throw BackendFailure.of('unknownBackend', `There is no backend "${name}".`, hint);
  }
  if (others.length > 0) {
    const hint = `Say which one: ${candidates.map(qualifiedName).join(', ')}.`;
    throw BackendFailure.of('unknownBackend', `Several folders have a backend "${name}".`, hint);
  }
  return only;
}
