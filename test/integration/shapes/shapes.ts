/** The ways in which people's backends are made of processes. */
import type { Place } from './place';
import { words } from './place';
import { hostileProgram, programPath } from '../../support/hostileProgram';

export interface Shape {
  readonly name: string;
  readonly argv: (place: Place) => readonly string[];
  /** Written into its folder before. */
  readonly files?: (place: Place) => Readonly<Record<string, string>>;
  /** Programs in it that keep book: each is to be told once, and to finish its work. Default: `app`. */
  readonly apps?: readonly string[];
  /** Of these, the ones that ignore SIGTERM. */
  readonly stubborn?: boolean;
  /** It has stopped itself. */
  readonly suspended?: boolean;
  /** It listens on the port of its place; otherwise it is up when its programs say so. */
  readonly listens?: boolean;
  /** Its leader goes at once, and what stays serves. */
  readonly daemon?: boolean;
  /** It is up when this file is there. */
  readonly upFile?: string;
  /** It is up when it has so many processes. */
  readonly processes?: number;
  /** One of its processes has dropped everything by which a process can be known, other than in a control group. */
  readonly escapes?: boolean;
}

/** A daemon whose arguments and environment become one long title, as those of PostgreSQL or nginx may. */
const overwrites = `use POSIX; if (fork) { sleep 100; exit } POSIX::setsid(); exit if fork;
  $0 = 'x' x 100_000; $SIG{TERM} = sub { exit }; open(F, '>', 'there'); close(F); sleep 100`;

/** As one writes it in a file: run by `/bin/sh -c`. */
const sh = (text: string): string[] => ['/bin/sh', '-c', text];
const scripts = (entries: Record<string, string>): Record<string, string> => ({
  'package.json': JSON.stringify({ name: 'shape', private: true, scripts: entries }),
});
const noApps = { apps: [], listens: true } as const;
const viteFiles = { 'index.html': '<p>hello</p>' };
const viteArgs = (place: Place): string[] => [
  place.program('vite'),
  ...['--port', String(place.port), '--strictPort', '--host', '127.0.0.1'],
];
const importing = (place: Place): string => `import '${place.app()[1] ?? ''}';\n`;

const plain: readonly Shape[] = [
  { name: 'node, no handler', argv: (p) => ['node', '-e', bareServer(p.port)], ...noApps },
  { name: 'node with a handler', argv: (p) => p.app() },
  { name: 'flushes for 1.5 s', argv: (p) => p.app('app', 1_500) },
  { name: 'ignores SIGTERM', argv: (p) => p.app('app', 0, 'stubborn'), stubborn: true },
  { name: 'suspended (SIGSTOP)', argv: (p) => p.app('app', 300, 'suspended'), suspended: true },
  {
    name: 'python -m http.server',
    argv: (p) => ['python3', '-m', 'http.server', String(p.port), '--bind', '127.0.0.1'],
    ...noApps,
  },
];

const runners: readonly Shape[] = [
  { name: 'npm run', argv: () => ['npm', 'run', 'dev'], files: (p) => scripts({ dev: p.appText() }) },
  {
    name: 'npm run "a && b"',
    argv: () => ['npm', 'run', 'dev'],
    files: (p) => scripts({ dev: `true && ${p.appText()}` }),
  },
  {
    name: 'npm run → npm run',
    argv: () => ['npm', 'run', 'dev'],
    files: (p) => scripts({ dev: 'npm run inner', inner: p.appText() }),
  },
  {
    name: 'npm run → flushes for 1.5 s',
    argv: () => ['npm', 'run', 'dev'],
    files: (p) => scripts({ dev: p.appText('app', 1_500) }),
  },
  {
    name: 'npm run → ignores SIGTERM',
    argv: () => ['npm', 'run', 'dev'],
    files: (p) => scripts({ dev: p.appText('app', 0, 'stubborn') }),
    stubborn: true,
  },
  {
    name: 'npx',
    argv: () => ['npx', '--no-install', 'told'],
    files: (p) => ({ ...scripts({}), 'node_modules/.bin/told': `#!/bin/sh\nexec ${p.appText()}\n` }),
  },
  {
    name: 'concurrently × 2',
    argv: (p) => [p.program('concurrently'), p.appText('a'), p.appText('b')],
    apps: ['a', 'b'],
  },
  {
    name: 'compile, then run as a child (as go run)',
    argv: () => sh(`cc -o built main.c && ./built; exit $?`),
    files: (p) => ({ 'main.c': execProgram(p.app()) }),
  },
];

const watchers: readonly Shape[] = [
  { name: 'node --watch', argv: (p) => ['node', '--watch', ...p.app().slice(1)] },
  { name: 'nodemon', argv: (p) => [p.program('nodemon'), '--quiet', ...p.app().slice(1)] },
  {
    name: 'npm run → nodemon',
    argv: () => ['npm', 'run', 'dev'],
    files: (p) => scripts({ dev: `${p.program('nodemon')} --quiet ${words(p.app().slice(1))}` }),
  },
  {
    name: 'tsx watch',
    argv: (p) => [p.program('tsx'), 'watch', 'main.ts', ...p.app().slice(2)],
    files: (p) => ({ 'main.ts': importing(p) }),
  },
  {
    name: 'tsc-watch --onSuccess (as nest start --watch)',
    argv: (p) => [p.program('tsc-watch'), '--onSuccess', p.appText()],
    files: () => ({
      'tsconfig.json': '{"compilerOptions":{"outDir":"built","types":[]},"files":["main.ts"]}',
      'main.ts': 'export const a = 1;\n',
    }),
  },
  { name: 'vite', argv: viteArgs, files: () => viteFiles, ...noApps },
  {
    name: 'npm run → vite',
    argv: () => ['npm', 'run', 'dev'],
    files: (p) => ({ ...viteFiles, ...scripts({ dev: words(viteArgs(p)) }) }),
    ...noApps,
  },
  {
    name: 'next dev',
    argv: (p) => [p.program('next'), 'dev', '--port', String(p.port), '--hostname', '127.0.0.1'],
    files: () => ({ ...scripts({}), 'pages/index.js': 'export default () => null;\n' }),
    ...noApps,
  },
  { name: 'Python reloader that ends at once (Werkzeug)', argv: (p) => reloader(p, 'plain') },
  { name: 'Python reloader that sends it on (uvicorn)', argv: (p) => reloader(p, 'forwards') },
];

const shells: readonly Shape[] = [
  { name: 'sh -c "node …"', argv: (p) => sh(p.appText()) },
  { name: 'sh -c "node …; echo"', argv: (p) => sh(`${p.appText()}; echo ended`) },
  { name: 'sh -c "a & b & wait"', argv: (p) => sh(`${p.appText('a')} & ${p.appText('b')} & wait`), apps: ['a', 'b'] },
  { name: 'sh -c "a | b"', argv: (p) => sh(`${p.appText('a')} | ${p.appText('b')}`), apps: ['a', 'b'] },
  {
    name: 'sh with a trap that cleans up',
    argv: (p) => sh(`trap 'echo cleaning >cleaned; wait; exit 0' TERM; ${p.appText()} & wait`),
  },
  {
    name: 'sh with a trap that sends it on',
    argv: (p) => sh(`${p.appText()} & child=$!; trap 'kill -TERM $child; wait $child' TERM; wait $child`),
  },
  { name: 'bash with job control', argv: (p) => ['bash', '-c', `set -m; ${p.appText()} & wait`] },
];

const runaways: readonly Shape[] = [
  { name: 'child in its own session (setsid)', argv: (p) => sh(`setsid ${p.appText()} & wait`) },
  {
    name: 'child of a child that ignores SIGHUP',
    argv: (p) => sh(`sh -c "nohup ${p.appText().replaceAll("'", '')} >/dev/null 2>&1 & sleep 100"; true`),
  },
  {
    name: 'double fork, leader gone',
    argv: (p) => sh(`( setsid ${words(p.server())} </dev/null >/dev/null 2>&1 & ); exit 0`),
    daemon: true,
  },
  {
    name: 'daemon with a pid file',
    argv: (p) => sh(`nohup setsid ${words(p.server())} </dev/null >/dev/null 2>&1 & echo $! >app.pid`),
    daemon: true,
  },
  {
    name: 'daemonised child, leader stays',
    argv: (p) => sh(`( setsid ${p.appText()} </dev/null >/dev/null 2>&1 & ); exec sleep 100`),
  },
  { name: 'child without environment', argv: (p) => sh(`env -i ${p.appText()} & wait`) },
  {
    name: 'child born during the stop, in its own session',
    argv: (p) => sh(`trap 'setsid sleep 100 & exit 0' TERM; ${p.appText()} & wait`),
  },
  { name: 'fork storm', argv: () => hostileProgram('forkStorm.sh'), apps: [], processes: 10 },
  {
    name: 'double fork without environment',
    argv: (p) => sh(`( env -i setsid ${p.appText()} </dev/null >/dev/null 2>&1 & ); exec sleep 100`),
    escapes: true,
  },
  {
    name: 'double fork that overwrites its environment',
    argv: () => ['perl', '-e', overwrites],
    apps: [],
    upFile: 'there',
    escapes: true,
  },
];

export const shapes: readonly Shape[] = [...plain, ...runners, ...watchers, ...shells, ...runaways];

function bareServer(port: number): string {
  return `require('node:http').createServer((q, a) => a.end('ok')).listen(${port}, '127.0.0.1'); setTimeout(process.exit, 120_000)`;
}

function reloader(place: Place, mode: string): string[] {
  return ['python3', programPath('reloader.py'), mode, ...place.app()];
}

/** A compiled program that becomes the one that keeps book. */
function execProgram(argv: readonly string[]): string {
  const list = [...argv.map((word) => JSON.stringify(word)), '0'].join(', ');
  return `#include <unistd.h>\nint main(void) { char *a[] = {${list}}; return execv(a[0], a); }\n`;
}
