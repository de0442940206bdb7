import { frameworkOf, portIn } from './frameworks';
import { asComment, asName, distinct, portHint, type BackendSuggestion } from './suggestion';

/** What foreman gives to the first process that asks for `$PORT`; the next one gets 100 more. */
const firstPort = 5000;
const portStep = 100;

const largestProcfile = 256 * 1024;

/** Backends that a Procfile declares, one for each line `name: command`. Never throws. */
export function suggestFromProcfile(text: string): readonly BackendSuggestion[] {
  if (text.length > largestProcfile) return [];
  const found: BackendSuggestion[] = [];
  let nextPort = firstPort;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n?|\n/)) {
    const match = /^\s*([A-Za-z0-9_][A-Za-z0-9_.-]*)\s*:\s*(\S.*?)\s*$/.exec(line);
    const [, name, command] = match ?? [];
    if (name === undefined || command === undefined) continue;
    const usesPort = /\$PORT\b|\$\{PORT\b/.test(command);
    const port = portIn(command) ?? (usesPort ? nextPort : frameworkOf(command)?.port);
    if (usesPort) nextPort += portStep;
    found.push(suggestionFor(name, command, port));
  }
  return distinct(found);
}

function suggestionFor(name: string, command: string, port: number | undefined): BackendSuggestion {
  const comment = `Procfile: ${asComment(name)}`;
  if (name === 'release') {
    return { name, comment: `${comment} (runs once and exits)`, backend: { command, oneShot: true } };
  }
  const mayListen = port === undefined && name === 'web';
  return {
    name: asName(name),
    comment,
    backend: { command, ...(port === undefined ? {} : { port }) },
    ...(mayListen ? { hint: portHint } : {}),
  };
}
