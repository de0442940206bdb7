/** What is known of the servers that scripts start. */
export interface Framework {
  readonly label: string;
  /** Found in the text of a command. */
  readonly pattern: RegExp;
  /** The port it takes when it is told none. */
  readonly port: number;
  readonly role: 'web' | 'api';
  /** Arguments that fix the port, for servers that do not read `PORT` or move on when their port is taken. */
  readonly portArguments?: string;
}

const port = '--port ${port}';
const strictPort = '--port ${port} --strictPort';

/** The first match counts: wrappers around another tool stand before it. */
const frameworks: readonly Framework[] = [
  { label: 'Remix', pattern: /\bremix vite:dev\b/, port: 5173, role: 'web', portArguments: strictPort },
  { label: 'React Router', pattern: /\breact-router dev\b/, port: 5173, role: 'web', portArguments: strictPort },
  { label: 'Remix', pattern: /\b(remix dev|remix-serve|react-router-serve)\b/, port: 3000, role: 'web' },
  { label: 'Next.js', pattern: /\bnext (dev|start)\b/, port: 3000, role: 'web' },
  { label: 'Nuxt', pattern: /\b(nuxt|nuxi) (dev|preview)\b/, port: 3000, role: 'web' },
  { label: 'Astro', pattern: /\bastro (dev|preview)\b/, port: 4321, role: 'web', portArguments: port },
  { label: 'Create React App', pattern: /\b(react-scripts|react-app-rewired|craco) start\b/, port: 3000, role: 'web' },
  { label: 'Angular', pattern: /\bng serve\b/, port: 4200, role: 'web', portArguments: port },
  { label: 'Vue CLI', pattern: /\bvue-cli-service serve\b/, port: 8080, role: 'web', portArguments: port },
  { label: 'Gatsby', pattern: /\bgatsby develop\b/, port: 8000, role: 'web', portArguments: port },
  { label: 'Docusaurus', pattern: /\bdocusaurus start\b/, port: 3000, role: 'web', portArguments: port },
  { label: 'Vite preview', pattern: /\bvite preview\b/, port: 4173, role: 'web', portArguments: strictPort },
  {
    label: 'Vite',
    pattern: /(^|\s|\.bin\/)vite(?=\s*($|[;|&])|\s+(dev|serve|-))/,
    port: 5173,
    role: 'web',
    portArguments: strictPort,
  },
  { label: 'Vite Ruby', pattern: /\bbin\/vite dev\b/, port: 3036, role: 'web' },
  { label: 'webpack-dev-server', pattern: /\b(webpack serve|webpack-dev-server)\b/, port: 8080, role: 'web' },
  { label: 'Wrangler', pattern: /\bwrangler dev\b/, port: 8787, role: 'api', portArguments: port },
  { label: 'Strapi', pattern: /\bstrapi (develop|start)\b/, port: 1337, role: 'api' },
  { label: 'Rails', pattern: /\brails (s|server)\b/, port: 3000, role: 'web' },
  { label: 'Django', pattern: /\bmanage\.py runserver\b/, port: 8000, role: 'web' },
];

export function frameworkOf(command: string): Framework | undefined {
  return frameworks.find(({ pattern }) => pattern.test(command));
}

/** A port that the command itself names: `--port 3001`, `-p 3001`, `PORT=3001`, `${PORT:-3001}`. */
export function portIn(command: string): number | undefined {
  const match =
    /(?:^|\s)(?:--port[= ]|-p[= ]?|(?:cross-env\s+)?PORT=)(\d{2,5})(?=$|[\s;&|'"])/.exec(command) ??
    /\$\{\w*PORT:[-=]"?(\d{2,5})"?\}/.exec(command);
  const found = Number(match?.[1]);
  return found >= 1 && found <= 65_535 ? found : undefined;
}
