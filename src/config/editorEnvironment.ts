import type { Environment } from './environment';

/** `VSCODE_*` steers the editor; with `ELECTRON_RUN_AS_NODE` an Electron backend would start as plain Node. */
const editorPrefixes = ['VSCODE_', 'ELECTRON_', 'ORIGINAL_XDG_'] as const;
const editorNames: readonly string[] = ['CHROME_DESKTOP'];

/** Removed only when the value points into the editor: people set these too. */
const editorHelpers: Readonly<Record<string, RegExp>> = {
  GIT_ASKPASS: /[\\/]extensions[\\/]git[\\/].*askpass/i,
  SSH_ASKPASS: /[\\/]extensions[\\/]git[\\/].*askpass/i,
  BROWSER: /[\\/]bin[\\/]helpers[\\/]browser(\.sh|\.cmd)?$/i,
};

/** The environment of the extension host as the person's shell would have it: nothing of the editor's own remains. */
export function scrubEditorEnvironment(env: Environment, platform: string): Record<string, string> {
  const isWindows = platform === 'win32';
  const scrubbed: [string, string][] = [];
  for (const [name, value] of Object.entries(env)) {
    const key = isWindows ? name.toUpperCase() : name;
    if (value === undefined || belongsToEditor(key, value, env)) continue;
    const kept = keptPart(key, value, isWindows);
    if (kept !== undefined) scrubbed.push([name, kept]);
  }
  return Object.fromEntries(scrubbed);
}

function belongsToEditor(key: string, value: string, env: Environment): boolean {
  if (editorNames.includes(key) || editorPrefixes.some((prefix) => key.startsWith(prefix))) return true;
  // `force` makes ssh ask through the editor's helper even in a terminal; without the helper it would ask nobody.
  if (key === 'SSH_ASKPASS_REQUIRE') return isHelper('SSH_ASKPASS', env['SSH_ASKPASS'] ?? '');
  return isHelper(key, value);
}

function isHelper(key: string, value: string): boolean {
  return Object.hasOwn(editorHelpers, key) && editorHelpers[key]?.test(value) === true;
}

function keptPart(key: string, value: string, isWindows: boolean): string | undefined {
  if (key === 'PATH') return withoutRemoteCli(value, isWindows ? ';' : ':');
  if (key === 'NODE_OPTIONS') return withoutDebugger(value);
  return value;
}

/** The folder of the `code` command that talks back to this window. */
function withoutRemoteCli(path: string, separator: string): string {
  const entries = path.split(separator);
  return entries.filter((entry) => !/[\\/]bin[\\/]remote-cli[\\/]?$/.test(entry)).join(separator);
}

/** Takes out the debugger's bootloader (and the option that belongs to it) and keeps the person's own options. */
function withoutDebugger(options: string): string | undefined {
  const words = options.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  const isBootloader = (word: string | undefined): boolean => /bootloader(\.[cm]?js)?"?$/.test(word ?? '');
  if (!words.some(isBootloader)) return options;
  const kept = words.filter((word, index) => {
    const loadsNext = /^(-r|--require|--import)$/.test(word) && isBootloader(words[index + 1]);
    return !loadsNext && !isBootloader(word) && !word.startsWith('--inspect-publish-uid');
  });
  return kept.length > 0 ? kept.join(' ') : undefined;
}
