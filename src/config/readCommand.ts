import type { Node } from 'jsonc-parser';
import type { CommandLine } from '../model/backendDefinition';
import type { Reader } from './reader';

/** A text for the shell or a list of arguments; what cannot be used is reported and comes back as undefined. */
export function readCommand(reader: Reader, node: Node): CommandLine | undefined {
  if (node.type === 'string') return reader.template(node, 'command', { shell: true });
  if (node.type === 'array') return readArgv(reader, node, 'command');
  reader.wrongType(node, 'command', 'a text for the shell or a list of arguments such as ["node", "server.js"]');
  return undefined;
}

/** A program with its arguments; arguments may be empty, the program may not. */
export function readArgv(reader: Reader, node: Node | undefined, what: string): readonly string[] | undefined {
  if (node?.type === 'string') {
    reader.wrongType(node, what, 'a list of arguments such as ["pg_isready", "-q"]');
    return undefined;
  }
  const argv = reader.list(node, what, (item) =>
    reader.template(item, what, { mayBeEmpty: item !== node?.children?.[0] }),
  );
  if (node !== undefined && argv?.length === 0 && (node.children ?? []).length === 0) {
    reader.report('empty', node, `"${what}" must name a program.`);
    return undefined;
  }
  return argv;
}
