import { parseBackendsFile } from '../config/parse';
import { definitionDefaults } from '../model/backendDefinition';
import type { BackendSuggestion } from './suggestion';

const head = `// The backends of this folder: what runs, when it is ready, when it may go to sleep.
// Every key has a hover text and completion; start and stop from the Backends view.
`;

const example = `    // Nothing was found that looks like a backend. Take away the slashes and change this example:
    // "api": {
    //   "command": "npm run dev",          // or a list: ["node", "server.js"]
    //   "port": 3000,                      // where it listens; it gets this as PORT, too
    //   "ready": { "http": "/health" },    // without this: when the port accepts a connection
    //   // "dependsOn": ["db"],            // another backend of this file, which is ready before this one starts
    //   "idleTimeout": "15m",              // goes to sleep after this time without use; "never" keeps it up
    // },
`;

/** Without either, a program that fails after a second was ready before: it was still alive. */
const portless = [
  `// As it is, it counts as ready when it is still alive after ${definitionDefaults.settleMs / 1000} s. Better, where one of these fits:`,
  '// "port": 3000,                          // it listens here: ready when it answers',
  '// "ready": { "log": "what it prints" },  // it has no port: ready when it prints this',
];

/** The text of a new `backends.json` with comments, which parses without an error. */
export function renderBackendsFile(suggestions: readonly BackendSuggestion[]): string {
  const backends = suggestions.filter(isUsable).map(renderBackend);
  return `${head}{\n  "backends": {\n${backends.length === 0 ? example : backends.join('\n')}  },\n}\n`;
}

/** A command may hold what is a variable to us and something else to the tool that it was written for. */
function isUsable(suggestion: BackendSuggestion): boolean {
  const { backends, problems } = parseBackendsFile(
    JSON.stringify({ backends: { [suggestion.name]: suggestion.backend } }),
    { folderPath: '/' },
  );
  return backends.length === 1 && problems.every(({ severity }) => severity === 'information');
}

function renderBackend({ name, comment, backend, hint }: BackendSuggestion): string {
  const lines = Object.entries(backend).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  if (hint !== undefined) lines.push(`// ${hint}`);
  if (backend.port === undefined && backend.oneShot === undefined) lines.push(...portless);
  const body = lines.map((line) => `      ${line}\n`).join('');
  return `    // ${comment}\n    ${JSON.stringify(name)}: {\n${body}    },\n`;
}
