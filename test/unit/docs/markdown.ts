import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repositoryRoot';

export function readText(file: string): string {
  return readFileSync(join(repositoryRoot, file), 'utf8');
}

/** The cells of the first table under a heading, without its head; what is written as code is without its marks. */
export function tableUnder(markdown: string, heading: string): readonly (readonly string[])[] {
  const section = sectionOf(markdown, heading).split('\n');
  const first = section.findIndex((line) => line.startsWith('|'));
  if (first === -1) throw new Error(`There is no table under "${heading}".`);
  const length = section.slice(first).findIndex((line) => !line.startsWith('|'));
  return section.slice(first + 2, length === -1 ? undefined : first + length).map(cellsOf);
}

/** The text between a heading and the next one of any level; a `#` inside a fence is no heading. */
function sectionOf(markdown: string, heading: string): string {
  const masked = markdown.replaceAll(/^```[\s\S]*?^```/gm, (fence) => fence.replaceAll('\n#', '\n '));
  const start = new RegExp(`^#+ ${heading}$`, 'm').exec(masked);
  if (start === null) throw new Error(`There is no heading "${heading}".`);
  const from = start.index + start[0].length;
  const next = masked.slice(from).search(/^#/m);
  return markdown.slice(from, next === -1 ? undefined : from + next);
}

function cellsOf(row: string): string[] {
  const cells = row.split(/(?<!\\)\|/).slice(1, -1);
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** `` `x` `` → `x`; anything else stays. */
export function plainCode(cell: string | undefined): string {
  return /^`([^`]*)`$/.exec(cell ?? '')?.[1] ?? cell ?? '';
}

/** All pieces of a text that are written as code within a line. */
export function codesIn(text: string | undefined): string[] {
  const prose = (text ?? '').replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');
}

/** The texts of the fenced blocks of one language, unindented. */
export function fences(markdown: string, language: string): string[] {
  return [...markdown.matchAll(/^( *)```(\w+)\n([\s\S]*?)^ *```$/gm)].flatMap(([, indent = '', found, text = '']) =>
    found === language ? [text.replaceAll(new RegExp(`^${indent}`, 'gm'), '')] : [],
  );
}

/** Where links and pictures lead, outside of code. */
export function linkTargets(markdown: string): string[] {
  const prose = markdown.replaceAll(/^ *```[\s\S]*?^ *```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
}

/** The anchor that a heading gets. */
export function anchorsOf(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title ?? '');
  return headings.map((title) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
