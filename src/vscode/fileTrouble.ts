import { fileTrouble as troubleIn } from '../config/fileTrouble';
import { isComplete } from '../config/keepVanished';
import type { ParsedConfig } from '../config/parse';
import { TextPositions, type TextPosition } from './textPosition';

/** A configuration file that cannot be read as a whole or declares nothing that could be, and why. */
export interface FileTrouble {
  readonly filePath: string;
  /** Of its folder. */
  readonly folder: string;
  /** A sentence. */
  readonly message: string;
  /** Where the text is wrong; undefined where there is no text. */
  readonly at?: TextPosition;
  /** What it declared before stays declared until it is mended. */
  readonly keepsBefore: boolean;
}

/** What keeps a text that was read from being understood, with its place. */
export function troubleOf(
  text: string,
  parsed: ParsedConfig,
): Pick<FileTrouble, 'message' | 'at' | 'keepsBefore'> | undefined {
  const problem = troubleIn(parsed);
  if (problem === undefined) return undefined;
  return {
    message: problem.message,
    at: new TextPositions(text).at(problem.offset),
    keepsBefore: !isComplete(parsed),
  };
}

/** `backends.json`, with its folder where others are open too. */
export function troubleLabel({ folder }: FileTrouble, folders: number): string {
  return folders > 1 ? `${folder}/backends.json` : 'backends.json';
}

/** `line 5: A comma is missing here.` */
export function troubleText({ message, at }: FileTrouble): string {
  return at === undefined ? message : `line ${at.line + 1}: ${message}`;
}
