/** What the first line of a script asks for. */
export interface Shebang {
  /** The interpreter as the kernel reads it, with a trailing carriage return if the file has one. */
  readonly interpreter: string;
  /** The program that `env` is asked to find, when the interpreter is `env`. */
  readonly viaEnv?: string;
  /** The line ends in CR LF: the kernel takes the CR for a part of the name. */
  readonly carriageReturn: boolean;
}

/** Reads the first bytes of a file; undefined when it is no script with an interpreter line. */
export function parseShebang(head: Buffer): Shebang | undefined {
  if (head.length < 3 || head[0] !== 0x23 || head[1] !== 0x21) return undefined;
  const line = head.toString('latin1', 2).split('\n', 1)[0] ?? '';
  const carriageReturn = line.endsWith('\r');
  const [interpreter, ...rest] = line
    .replace(/\r$/, '')
    .trim()
    .split(/[ \t]+/);
  if (interpreter === undefined || interpreter === '') return undefined;
  const viaEnv = /(?:^|\/)env$/.test(interpreter) ? programOfEnv(rest) : undefined;
  return { interpreter, carriageReturn, ...(viaEnv === undefined ? {} : { viaEnv }) };
}

/** Only the plain forms `env node` and `env -S node --flag`: what other options mean differs between systems. */
function programOfEnv(words: readonly string[]): string | undefined {
  const program = words[0] === '-S' ? words[1] : words[0];
  return program === undefined || /^-|=/.test(program) ? undefined : program;
}
