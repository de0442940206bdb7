/** What can be wrong with a configuration file, with its place in the text. */

export const configProblemCodes = [
  'syntax',
  'tooLarge',
  'binary',
  'tooDeep',
  'tooManyProblems',
  'wrongType',
  'unknownKey',
  'duplicateKey',
  'missing',
  'empty',
  'badValue',
  'badName',
  'badDuration',
  'badPort',
  'badSignal',
  'badRegex',
  'badVariable',
  'nulCharacter',
  'unknownBackend',
  'dependsOnItself',
  'cycle',
  'duplicatePort',
  'needsPort',
  'conflict',
  'outsideFolder',
] as const;

export type ConfigProblemCode = (typeof configProblemCodes)[number];

export type ConfigProblemSeverity = 'error' | 'warning' | 'information';

export interface ConfigProblem {
  readonly code: ConfigProblemCode;
  readonly severity: ConfigProblemSeverity;
  /** One or two plain sentences: what is wrong and what to write instead. */
  readonly message: string;
  /** Place in the text, in UTF-16 units. */
  readonly offset: number;
  readonly length: number;
  /** Name of the backend that the problem belongs to, as it is listed. */
  readonly backend?: string;
}

/** More than this tells a person nothing and would choke the Problems panel. */
const mostProblems = 500;

/** In the order of the text, cut to what a person can take in. */
export function presentable(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const sorted = inOrder(problems);
  const firstHidden = sorted[mostProblems];
  if (firstHidden === undefined) return sorted;
  const message = 'There are more problems; they are not shown.';
  const { offset, length } = firstHidden;
  return [...sorted.slice(0, mostProblems), { code: 'tooManyProblems', severity: 'warning', message, offset, length }];
}

/** The first error of each backend, in the order of the text: it becomes the backend's `problem`. */
export function firstErrors(problems: readonly ConfigProblem[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { severity, backend, message } of inOrder(problems)) {
    if (severity === 'error' && backend !== undefined && !found.has(backend)) found.set(backend, message);
  }
  return found;
}

function inOrder(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...problems].sort((a, b) => a.offset - b.offset || a.length - b.length);
}
