/** Real servers, and how late each waiter notices that they listen. The kernel tells when that is; it asks for nothing of them. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeMariadb } from '../../test/integration/servers/mariadbCluster';
import { makePostgres } from '../../test/integration/servers/postgresCluster';
import { neededProgram } from '../../test/support/neededProgram';
import { repositoryRoot } from '../../test/support/repositoryRoot';
import { makeTempDir } from '../../test/support/tempDir';
import type { TestWindow } from '../../test/support/testWindow';
import type { Waiter } from './peers';
import { msBetween, ourName } from './trial';

export interface ServerTrial {
  readonly server: string;
  readonly waiter: string;
  /** From the first listener on its port to the answer of the waiter, in ms. */
  readonly latencyMs: number;
}

interface Server {
  readonly name: string;
  readonly speaksHttp: boolean;
  /** The command for a port; `${port}` stands for it where the definition comes from elsewhere. */
  readonly argv: (port: number) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const fastifySource = `
const app = require('fastify')();
app.get('/', (request, reply) => reply.send({ ok: true }));
app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' }).then((at) => console.log('listening on ' + at));
`;

function nginxConfig(port: number): string {
  return `pid nginx.pid; daemon off; worker_processes 1; error_log stderr; events { worker_connections 64; }
http { access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
server { listen 127.0.0.1:${port}; location / { return 200 "nginx"; } } }`;
}

/** `data`: a folder for their files, which the user that a database insists on can reach. */
async function servers(data: string): Promise<readonly Server[]> {
  const folder = (name: string): string => {
    const path = join(data, name);
    mkdirSync(path);
    return path;
  };
  const file = (name: string, text: string): string => {
    const path = join(data, name);
    writeFileSync(path, text);
    return path;
  };
  const cluster = async (name: string, make: (data: string) => Promise<object>): Promise<Server> => {
    const { command } = (await make(folder(name))) as { readonly command: readonly string[] };
    const argv = (port: number): readonly string[] => command.map((word) => word.replace('${port}', String(port)));
    return { name, speaksHttp: false, argv };
  };
  const at = (port: number): readonly string[] => ['--port', String(port)];
  const [app, nginx, page] = [file('app.cjs', fastifySource), folder('nginx'), folder('vite')];
  file('vite/index.html', '<!doctype html><title>page</title>');
  const vite = join(repositoryRoot, 'node_modules', 'vite', 'bin', 'vite.js');
  const own = ['--bind', '127.0.0.1'] as const;
  return [
    {
      ...{ name: 'redis', speaksHttp: false },
      argv: (port) => [neededProgram('redis-server'), ...at(port), ...own, '--save', '', '--dir', data],
    },
    await cluster('postgres', makePostgres),
    await cluster('mariadb', makeMariadb),
    {
      ...{ name: 'nginx', speaksHttp: true },
      argv: (port) => {
        const config = file('nginx/nginx.conf', nginxConfig(port));
        return [neededProgram('nginx'), '-p', nginx, '-c', config, '-e', 'stderr'];
      },
    },
    {
      ...{ name: 'python -m http.server', speaksHttp: true },
      argv: (port) => [neededProgram('python3'), '-m', 'http.server', String(port), ...own, '--directory', page],
    },
    {
      ...{ name: 'Fastify', speaksHttp: true, env: { NODE_PATH: join(repositoryRoot, 'node_modules') } },
      argv: (port) => [process.execPath, app, String(port)],
    },
    {
      ...{ name: 'Vite', speaksHttp: true },
      argv: (port) => [process.execPath, vite, page, '--host', '127.0.0.1', ...at(port), '--strictPort'],
    },
  ];
}

/** Every waiter `rounds` times for each server; the first round of ours is the one without memory. */
export async function runServers(
  waiters: readonly Waiter[],
  window: TestWindow,
  scratch: string,
  rounds: number,
  freePorts: (count: number) => Promise<readonly number[]>,
): Promise<readonly ServerTrial[]> {
  const watcher = join(scratch, 'listens');
  execFileSync('cc', ['-O2', '-o', watcher, join(repositoryRoot, 'bench', 'readiness', 'listens.c')]);
  const trials: ServerTrial[] = [];
  const data = makeTempDir();
  // A database runs as a user of its own.
  chmodSync(data, 0o711);
  try {
    for (const server of await servers(data)) {
      const [ourPort = 0, ...ports] = await freePorts(waiters.length + 1);
      for (let round = 0; round < rounds; round++) {
        trials.push(await ours(server, window, watcher, ourPort));
        for (const [index, waiter] of waiters.entries())
          trials.push(await theirs(server, waiter, watcher, ports[index] ?? 0));
      }
    }
    return trials;
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function theirs(server: Server, waiter: Waiter, watcher: string, port: number): Promise<ServerTrial> {
  const { name, argv, env, speaksHttp } = server;
  const [file = '', ...args] = argv(port);
  const listening = watchPort(watcher, port);
  const child = spawn(file, args, { stdio: 'ignore', env: { ...process.env, ...env }, detached: true });
  const exited = once(child, 'exit');
  try {
    await (speaksHttp ? waiter.wait(port, 30_000) : (waiter.waitForPort ?? waiter.wait)(port, 30_000));
    const seenNs = process.hrtime.bigint();
    return { server: name, waiter: waiter.name, latencyMs: msBetween(await listening(), seenNs) };
  } finally {
    await end(child.pid ?? 0, exited);
  }
}

/** MariaDB takes no notice of a signal that comes while it still starts. */
async function end(pid: number, exited: Promise<unknown>): Promise<void> {
  process.kill(-pid, 'SIGTERM');
  const hard = setTimeout(() => process.kill(-pid, 'SIGKILL'), 3_000);
  await exited;
  clearTimeout(hard);
}

async function ours(server: Server, window: TestWindow, watcher: string, port: number): Promise<ServerTrial> {
  const { name, argv, env = {}, speaksHttp } = server;
  const backend = `server${port}`;
  const ready = speaksHttp ? { http: '/' } : { tcp: true };
  const definition = { command: argv(port), env, port, gateway: false, ready };
  await window.declare({ [backend]: definition });
  const listening = watchPort(watcher, port);
  await window.start(backend);
  const seenNs = process.hrtime.bigint();
  const latencyMs = msBetween(await listening(), seenNs);
  await window.stop(backend);
  return { server: name, waiter: ourName, latencyMs };
}

/** Answers when it last began to listen; whether a port is free is found out by listening there for a moment. */
function watchPort(watcher: string, port: number): () => Promise<bigint> {
  const child = spawn(watcher, [String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return async () => {
    child.kill();
    await closed;
    const last = said.trim().split('\n').at(-1) ?? '';
    if (last === '') throw new Error(`nobody was seen to listen on port ${port}`);
    return BigInt(last);
  };
}
