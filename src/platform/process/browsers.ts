/** On the keep-list: stands for the browsers below. */
export const browsersText = 'browsers';

/** Their programs on Linux, as patterns of a shell; elsewhere a browser is opened by the system, and carries no mark. */
const programs: readonly string[] = [
  'chrome',
  'chrome_crashpad_handler',
  'google-chrome',
  'google-chrome-*',
  'chromium',
  'chromium-browser',
  'firefox',
  'firefox-*',
  'msedge',
  'msedge-*',
  'microsoft-edge',
  'microsoft-edge-*',
  'brave',
  'brave-browser',
  'opera',
  'vivaldi',
  'vivaldi-*',
];

/** In the command line of a browser that a program drives: that one belongs to the program. */
const driven: readonly string[] = ['headless', 'remote-debugging', 'enable-automation', 'marionette', 'juggler'];

/** Both as patterns for `case` in a shell. */
export const browserPatterns = {
  programs: programs.join(' | '),
  driven: driven.map((text) => `*${text}*`).join(' | '),
};

/** Whether a command line is that of a browser which a person uses: by its program, not by any argument. */
export function isPersonsBrowser(command: string): boolean {
  const program = /^\S*/.exec(command)?.[0].split('/').at(-1) ?? '';
  const known = programs.some((name) =>
    name.endsWith('*') ? program.startsWith(name.slice(0, -1)) : program === name,
  );
  return known && !driven.some((text) => command.includes(text));
}
