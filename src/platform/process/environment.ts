/** An environment without holes: what `process.env` is at one moment. */
export function definedEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) defined[name] = value;
  }
  return defined;
}

/** The value of a variable as the system would find it: Windows does not mind the case of names. */
export function variable(env: Readonly<Record<string, string>>, name: string, ignoreCase: boolean): string | undefined {
  if (!ignoreCase) return env[name];
  const wanted = name.toUpperCase();
  return Object.entries(env).find(([key]) => key.toUpperCase() === wanted)?.[1];
}
