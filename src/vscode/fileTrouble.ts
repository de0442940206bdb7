import { fileTrouble as troubleIn } from '../config/fileTrouble';
import { isComplete } from '../config/keepVanished';
import type { ParsedConfig } from '../config/parse';
import { TextPositions, type TextPosition } from './textPosition';

/** Why a configuration file cannot be read as a whole, or declares nothing that could be. */
export interface TextTrouble {
  /** A sentence. */
  readonly message: string;
  /** Where the text is wrong; undefined where there is no text. */
  readonly at?: TextPosition;
  /** What it declared before stays declared until it is mended. */
  readonly keepsBefore: boolean;
}

/** The same of one that is open. */
export interface FileTrouble extends TextTrouble {
  readonly filePath: string;
  /** Of its folder. */
  readonly folder: string;
}

/** What keeps a text that was read from being understood, with its place. */
export function troubleOf(text: string, parsed: ParsedConfig): TextTrouble | undefined {
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
