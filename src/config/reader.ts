import type { Node } from 'jsonc-parser';
import { formatDuration, parseDuration } from './duration';
import type { ConfigProblem, ConfigProblemCode, ConfigProblemSeverity } from './problem';
import { didYouMean } from './suggest';

/** A text in the file that may hold variables. */
export interface Template {
  readonly node: Node;
  readonly text: string;
  /** True: a shell reads it, so that `${HOME}` is none of our business. */
  readonly shell: boolean;
}

export interface Property {
  readonly key: Node;
  readonly value: Node;
}

export type Properties = ReadonlyMap<string, Property>;

export const noProperties: Properties = new Map();

/** So many problems of one backend are kept: a hostile file could hold a hundred thousand. */
const mostProblemsOfOne = 50;

/** Reads typed values from the syntax tree of one backend (or the file) and reports what does not fit, at its place. */
export class Reader {
  readonly templates: Template[] = [];

  private left = mostProblemsOfOne;
  private hasError = false;

  constructor(
    private readonly problems: ConfigProblem[],
    private readonly backend?: string,
  ) {}

  /** Nothing more will be kept, so that looking for more is a waste. */
  get isFull(): boolean {
    return this.left <= 0 && this.hasError;
  }

  report(code: ConfigProblemCode, node: Node, message: string, severity: ConfigProblemSeverity = 'error'): void {
    // The first error is never dropped: it is why the backend cannot be started.
    if (this.left-- <= 0 && (severity !== 'error' || this.hasError)) return undefined;
    this.hasError ||= severity === 'error';
    const { offset, length } = node;
    const backend = this.backend === undefined ? {} : { backend: this.backend };
    this.problems.push({ code, severity, message, offset, length, ...backend });
  }

  /** The properties of an object; unknown keys (unless `known` is undefined), repeated keys and non-objects are reported. */
  object(node: Node, what: string, known?: readonly string[]): Properties | undefined {
    if (node.type !== 'object') {
      this.wrongType(node, what, 'an object {…}');
      return undefined;
    }
    const properties = new Map<string, Property>();
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined) continue;
      if (this.isFull) break;
      const name = String(key.value);
      if (properties.has(name)) this.report('duplicateKey', key, `"${name}" stands here twice; only one may stay.`);
      else if (known !== undefined && !known.includes(name)) {
        this.report('unknownKey', key, `Unknown key "${name}".${didYouMean(name, known)}`, 'warning');
      } else properties.set(name, { key, value });
    }
    return properties;
  }

  boolean(node: Node | undefined, what: string): boolean | undefined {
    if (node === undefined) return undefined;
    if (node.type !== 'boolean') {
      this.wrongType(node, what, 'true or false');
      return undefined;
    }
    return node.value === true;
  }

  /** A non-empty text without variables. */
  string(node: Node | undefined, what: string): string | undefined {
    if (node === undefined) return undefined;
    if (node.type !== 'string') {
      this.wrongType(node, what, 'a text in quotes');
      return undefined;
    }
    const text = String(node.value);
    if (text.includes('\0')) {
      this.report('nulCharacter', node, `"${what}" must not contain a NUL character.`);
      return undefined;
    }
    if (text.trim() === '') {
      this.report('empty', node, `"${what}" must not be empty.`);
      return undefined;
    }
    return text;
  }

  /** A text that may hold variables; may be empty when `mayBeEmpty`. */
  template(node: Node | undefined, what: string, { shell = false, mayBeEmpty = false } = {}): string | undefined {
    if (mayBeEmpty && node?.type === 'string' && String(node.value).trim() === '') return String(node.value);
    const text = this.string(node, what);
    if (node !== undefined && text !== undefined) this.templates.push({ node, text, shell });
    return text;
  }

  /** The items of a list, each read by `read`; undefined when the node is no list. */
  list<T>(node: Node | undefined, what: string, read: (item: Node) => T | undefined): readonly T[] | undefined {
    if (node === undefined) return undefined;
    if (node.type !== 'array') {
      const instead = node.type === 'string' ? `a list: write [${JSON.stringify(node.value)}]` : 'a list […]';
      this.wrongType(node, what, instead);
      return undefined;
    }
    return (node.children ?? []).map(read).filter((item) => item !== undefined);
  }

  oneOf<T extends string>(node: Node | undefined, what: string, allowed: readonly T[]): T | undefined {
    if (node === undefined) return undefined;
    const choice = allowed.find((candidate) => candidate === node.value);
    if (choice !== undefined) return choice;
    const hint = typeof node.value === 'string' ? didYouMean(node.value, allowed) : '';
    const choices = allowed.map((candidate) => `"${candidate}"`).join(' or ');
    this.report('badValue', node, `"${what}" must be ${choices}.${hint}`);
    return undefined;
  }

  /** A duration between the bounds, in milliseconds. */
  duration(node: Node | undefined, what: string, bounds: { min: number; max?: number }): number | undefined {
    if (node === undefined) return undefined;
    const text = node.type === 'number' || node.type === 'string' ? String(node.value) : '';
    const parsed = parseDuration(text);
    const mistake = parsed.ok ? durationMistake(parsed.ms, bounds) : parsed.message;
    if (mistake !== undefined || !parsed.ok) {
      this.report('badDuration', node, `"${what}" ${mistake}.`);
      return undefined;
    }
    return parsed.ms;
  }

  /** A whole number between the bounds. */
  count(node: Node | undefined, what: string, { min, max }: { min: number; max: number }): number | undefined {
    if (node === undefined) return undefined;
    const value = node.type === 'number' ? Number(node.value) : Number.NaN;
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    this.report('badValue', node, `"${what}" must be a whole number from ${min} to ${max}.`);
    return undefined;
  }

  wrongType(node: Node, what: string, expected: string): void {
    this.report('wrongType', node, `"${what}" must be ${expected}.`);
  }
}

function durationMistake(ms: number, { min, max = ms }: { min: number; max?: number }): string | undefined {
  if (ms < min) return min > 1 ? `must be at least ${formatDuration(min)}` : 'must be longer than 0';
  return ms > max ? `must not be longer than ${formatDuration(max)}` : undefined;
}
