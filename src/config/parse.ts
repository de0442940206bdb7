import { parseTree, type Node, type ParseError } from 'jsonc-parser';
import type { BackendDefinition } from '../model/backendDefinition';
import { checkCycles } from './checkCycles';
import { checkPorts } from './checkPorts';
import { checkPaths, checkReferences } from './checkReferences';
import { knownKeys, namePattern } from './keys';
import { firstErrors, presentable, type ConfigProblem } from './problem';
import { readBackend, type ReadBackend } from './readBackend';
import { Reader } from './reader';
import { syntaxProblems } from './syntaxProblems';
import { whyUnreadable } from './unreadable';

export interface ParseContext {
  /** Absolute path of the workspace folder that the file belongs to. */
  readonly folderPath: string;
}

export interface ParsedConfig {
  /** In the order of the file. One that cannot be used is listed with its `problem`. */
  readonly backends: readonly BackendDefinition[];
  /** In the order of the file. */
  readonly problems: readonly ConfigProblem[];
}

/** Said of a backend that seems to have a problem in a file whose syntax is broken: it may have none. */
const mendFirst = 'The mistake of syntax in backends.json has to be mended first.';

/** Reads a `backends.json`. Never throws: whatever is wrong is a problem with its place. */
export function parseBackendsFile(text: string, context: ParseContext): ParsedConfig {
  const unreadable = whyUnreadable(text);
  if (unreadable !== undefined) return { backends: [], problems: [unreadable] };
  const errors: ParseError[] = [];
  // A byte order mark is no JSON; a blank keeps all places.
  const json = text.replace(/^\uFEFF/, ' ');
  const root = parseTree(json, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const problems: ConfigProblem[] = [];
  const backends = readFile(root, problems, errors.length > 0);
  checkReferences(backends, json);
  checkPaths(backends, context.folderPath);
  checkPorts(backends.values());
  checkCycles(backends);
  const broken = syntaxProblems(errors, [...backends.values()], json);
  const own = [...firstErrors(problems)];
  const firstError = new Map(
    broken.length === 0 ? own : [...own.map(([name]) => [name, mendFirst] as const), ...firstErrors(broken)],
  );
  const definitions = [...backends.values()].map(({ definition }): BackendDefinition => {
    const problem = firstError.get(definition.name);
    return problem === undefined ? definition : { ...definition, problem };
  });
  // What follows from a mistake of syntax, and what is only read because of it, is told when it is mended.
  return { backends: definitions, problems: broken.length > 0 ? broken.slice(0, 1) : presentable(problems) };
}

function readFile(root: Node | undefined, problems: ConfigProblem[], broken: boolean): Map<string, ReadBackend> {
  const reader = new Reader(problems);
  const backends = new Map<string, ReadBackend>();
  if (root === undefined) {
    const nothing: Node = { type: 'null', offset: 0, length: 0 };
    if (!broken) reader.report('empty', nothing, 'This file is empty. Write {"backends": {}} and name your backends.');
    return backends;
  }
  if (root.type !== 'object') {
    if (!broken) reader.report('wrongType', root, 'This file must be an object: {"backends": {…}}.');
    return backends;
  }
  const top = reader.object(root, 'file', knownKeys.file);
  reader.string(top?.get('$schema')?.value, '$schema');
  const list = top?.get('backends')?.value;
  if (list !== undefined) readBackends(reader, list, problems, backends);
  else if (top !== undefined && !broken) reader.report('missing', root, '"backends" is missing.');
  return backends;
}

function readBackends(reader: Reader, list: Node, problems: ConfigProblem[], found: Map<string, ReadBackend>): void {
  if (list.type !== 'object') {
    reader.wrongType(list, 'backends', 'an object that names each backend: {"api": {…}}');
    return;
  }
  for (const range of list.children ?? []) {
    const [key, value] = range.children ?? [];
    if (key === undefined || value === undefined) continue;
    const name = listedName(String(key.value));
    const own = new Reader(problems, name);
    if (found.has(name)) {
      own.report('duplicateKey', key, `There are two backends "${name}"; only one may stay.`);
      continue;
    }
    if (!isValidName(name)) {
      const rule = 'must begin with a letter or digit and hold only letters, digits, ".", "_" and "-" (64 at most)';
      own.report('badName', key, `The name of a backend ${rule}.`);
    }
    found.set(name, readBackend(own, { name, range, property: { key, value } }));
  }
}

const validName = new RegExp(namePattern);

function isValidName(name: string): boolean {
  return validName.test(name);
}

/** A name that cannot be used still has to be shown: short, visible, and never mistaken for a valid one. */
function listedName(written: string): string {
  if (isValidName(written)) return written;
  const shown = written.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\uFFFD').trim();
  if (shown === '') return '(no name)';
  return shown.length > 64 ? `${shown.slice(0, 64)}…` : shown;
}
