import type { Node } from 'jsonc-parser';
import { absolutePath, leavesFolder } from './paths';
import type { ReadBackend } from './readBackend';
import type { Template } from './reader';
import { quotingOf } from './shellQuoting';
import { didYouMean } from './suggest';
import { plainVariables, substitute, variablesIn, type VariableUse } from './variables';

type Backends = ReadonlyMap<string, ReadBackend>;

/** Names in `dependsOn`, and every variable of every text, must lead somewhere. */
export function checkReferences(backends: Backends, text: string): void {
  for (const backend of backends.values()) {
    for (const { name, node } of backend.dependsOn) checkDependency(backends, backend, name, node);
    for (const template of backend.templates) checkVariables(template, backend, backends, text);
  }
}

function checkVariables(template: Template, backend: ReadBackend, backends: Backends, text: string): void {
  const { offset, length } = template.node;
  const literal = text.slice(offset, offset + length);
  const uses = variablesIn(template.text);
  const contexts = template.shell ? quotingOf(template.text, uses) : [];
  for (const [index, use] of uses.entries()) {
    if (backend.reader.isFull) return;
    const mistake = contexts[index] === 'untouched' ? undefined : mistakeIn(use, template, backend, backends);
    if (mistake !== undefined) backend.reader.report('badVariable', placeOf(template.node, use, literal), mistake);
  }
}

/** A path that leaves the folder is allowed, but nobody should be surprised by it. Symbolic links are not followed. */
export function checkPaths(backends: Backends, folderPath: string): void {
  const scope = { workspaceFolder: folderPath, env: {}, backend: () => undefined };
  for (const { reader, paths } of backends.values()) {
    for (const { node, text } of paths) {
      const path = substitute(text, scope);
      if (path.ok && leavesFolder(folderPath, absolutePath(folderPath, path.value))) {
        reader.report('outsideFolder', node, 'This path leads out of the workspace folder.', 'information');
      }
    }
  }
}

function checkDependency(backends: Backends, { definition, reader }: ReadBackend, name: string, node: Node): void {
  if (name === definition.name) reader.report('dependsOnItself', node, `"${name}" cannot depend on itself.`);
  else if (!backends.has(name)) {
    const hint = didYouMean(name, namesOf(backends));
    reader.report('unknownBackend', node, `There is no backend "${name}" in this file.${hint}`);
  }
}

function mistakeIn(
  use: VariableUse,
  { shell }: Template,
  { definition }: ReadBackend,
  backends: Backends,
): string | undefined {
  switch (use.kind) {
    case 'port':
      return definition.port === undefined ? '"${port}" needs a "port" in this backend.' : undefined;
    case 'backendPort':
    case 'backendUrl':
      return mistakeInBackend(use, backends);
    case 'unknown':
      return `Unknown variable "\${${use.text}}".${formHint(use.text)}`;
    case 'foreign':
      if (shell) return undefined;
      return `Unknown variable "\${${use.text}}".${foreignHint(use.text)}`;
    default:
      return undefined;
  }
}

/** Too many to choose from are not even listed: this runs for every wrong name. */
function namesOf(backends: Backends): readonly string[] {
  return backends.size > 60 ? [] : [...backends.keys()];
}

function mistakeInBackend({ text, name }: VariableUse, backends: Backends): string | undefined {
  const target = backends.get(name);
  if (target === undefined) {
    return `"\${${text}}": there is no backend "${name}" in this file.${didYouMean(name, namesOf(backends))}`;
  }
  return target.port === undefined ? `"\${${text}}": backend "${name}" has no "port".` : undefined;
}

function formHint(text: string): string {
  if (text.startsWith('env:')) return ' Write "${env:NAME}".';
  if (text.startsWith('backend:')) return ' Write "${backend:NAME.port}" or "${backend:NAME.url}".';
  return '';
}

function foreignHint(text: string): string {
  const hint = didYouMean(text, plainVariables);
  if (hint !== '' || !/^\w+$/.test(text)) return hint;
  return ` For an environment variable write "\${env:${text}}".`;
}

/** The exact place of a variable inside a string of the file, escapes such as `\"` and `\u0041` counted as written. */
function placeOf(node: Node, use: VariableUse, literal: string): Node {
  const start = writtenIndex(literal, use.start);
  return { type: 'string', offset: node.offset + start, length: writtenIndex(literal, use.end) - start };
}

function writtenIndex(literal: string, index: number): number {
  if (!literal.includes('\\')) return index + 1;
  let at = 1;
  for (let left = index; left > 0; left--) {
    if (literal[at] !== '\\') at += 1;
    else at += literal[at + 1] === 'u' ? 6 : 2;
  }
  return at;
}
