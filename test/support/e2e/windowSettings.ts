import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quietSettingsFile } from '../vscode/quietSettings';

type Settings = Readonly<Record<string, unknown>>;

/** Rows of a terminal are elements then, which a test can read, instead of a drawing. */
const readableTerminal: Settings = { 'terminal.integrated.gpuAcceleration': 'off' };

/** Writes the settings of a fresh VS Code server: quiet ones, with what a test adds. */
export function writeWindowSettings(dataDir: string, added: Settings): void {
  const quiet = JSON.parse(readFileSync(quietSettingsFile, 'utf8')) as Settings;
  write(join(dataDir, 'data', 'User'), { ...quiet, ...readableTerminal, ...added });
  // What belongs to a machine is read from the machine's settings where the window is a remote one.
  write(join(dataDir, 'data', 'Machine'), added);
}

function write(folder: string, settings: Settings): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings, undefined, 2));
}
