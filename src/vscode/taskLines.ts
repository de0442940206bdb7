import type { Failure } from '../model/failure';
import { plainText } from '../model/plainText';

/** The lines of a backend's task that the problem matcher of the manifest reads. Each is one line, whatever it tells. */
export function startingLine(backend: string): string {
  return `[backend] starting ${plainText(backend)}`;
}

export function readyLine(backend: string, url: string | undefined): string {
  return `[backend] ready ${plainText(backend)}${url === undefined ? '' : ` at ${plainText(url)}`}`;
}

/**
 * What a failed start writes. The error line becomes a problem of the configuration file, and only a problem keeps
 * VS Code from launching the debugger all the same; it stands before the line that ends the wait. Output is
 * indented, so that a program cannot write one of our lines.
 */
export function failureLines(backend: string, configFile: string, failure: Failure): readonly string[] {
  const message = plainText(`${backend}: ${failure.message}`, 1_000);
  return [
    ...failure.logTail.map((text) => `    ${plainText(text, 1_000)}`),
    `[backend] error ${configFile}: ${message}`,
    `[backend] failed ${message}`,
  ];
}
