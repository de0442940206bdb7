/** A backend that a file of the folder suggests, as it would stand in `backends.json`. */
export interface BackendSuggestion {
  readonly name: string;
  /** One line for people: where it comes from and what was guessed. */
  readonly comment: string;
  readonly backend: SuggestedBackend;
  /** Said inside the backend, about a key that a person may want to add. */
  readonly hint?: string;
}

export interface SuggestedBackend {
  readonly command: string;
  readonly port?: number;
  readonly oneShot?: true;
  readonly restart?: 'onFailure';
}

/** Nobody reads more; a hostile file could suggest thousands. */
const mostSuggestions = 12;

/** Hint for a program that very likely listens, on a port that nothing tells. */
export const portHint = 'Add "port" with the port it listens on: it is then watched until it answers.';

/** Names made unique, ports given once, the list cut to what a person reads. */
export function distinct(suggestions: readonly BackendSuggestion[]): readonly BackendSuggestion[] {
  const names = new Set<string>();
  const ports = new Set<number>();
  return suggestions.slice(0, mostSuggestions).map((suggestion) => {
    const name = freeName(suggestion.name, names);
    names.add(name);
    const { port, ...rest } = suggestion.backend;
    if (port === undefined) return { ...suggestion, name };
    if (!ports.has(port)) {
      ports.add(port);
      return { ...suggestion, name };
    }
    return { ...suggestion, name, backend: rest, hint: `Port ${port} is taken above. ${portHint}` };
  });
}

/** A valid backend name from any text. */
export function asName(text: string): string {
  const name = text
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '')
    .slice(0, 60)
    .replace(/-+$/, '');
  return name === '' ? 'backend' : name;
}

/** Any text as one line of a comment. */
export function asComment(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let count = 2;
  while (taken.has(`${name}-${count}`)) count++;
  return `${name}-${count}`;
}
