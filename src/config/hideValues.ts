import { variablesIn } from './variables';

/** Shorter values are no secrets, and replacing them would make nonsense of a message. */
const shortestSecret = 4;

/**
 * `text` with each value that a `${env:NAME}` of the definition stands for written as it is written there: what the
 * environment holds may be a secret, wherever a message, a log or a tooltip would show it.
 */
export function hideValues(
  text: string,
  definition: object,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const values = variablesIn(textsOf(definition).join('\n')).flatMap(({ kind, name }) => {
    const value = kind === 'env' ? valueOf(name, environment) : undefined;
    return value === undefined || value.length < shortestSecret ? [] : [[value, `\${env:${name}}`] as const];
  });
  // The longest first: one value may be a part of another.
  const longestFirst = values.sort(([a], [b]) => b.length - a.length);
  return longestFirst.reduce((shown, [value, written]) => shown.replaceAll(value, written), text);
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** Windows knows a name in any case. */
function valueOf(name: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const exact = environment[name];
  if (exact !== undefined) return exact;
  const key = Object.keys(environment).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : environment[key];
}
