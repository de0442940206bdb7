/** What stands in front of a backend: nothing, ours, and proxies of others on ports of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allocatePort, isPortFree } from '../../src/platform/net/freePort';
import { findProgram } from '../../test/support/runner/programs';
import { waitUntil } from '../../test/support/waitUntil';
import { fetchOnce } from './load';

export const directName = 'direct';
export const ourName = 'Local Backends';

export interface Front {
  readonly name: string;
  readonly port: number;
}

export interface StartedFronts {
  readonly fronts: readonly Front[];
  readonly missing: readonly string[];
  readonly end: () => Promise<void>;
}

/** What anybody would write in Node: connects, and pipes both ways. */
const plainProxy = `
const net = require('node:net');
const [listenOn, leadsTo] = process.argv.slice(1).map(Number);
net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const upstream = net.connect({ port: leadsTo, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
  upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
  client.pipe(upstream);
  upstream.pipe(client);
}).listen(listenOn, '127.0.0.1');
`;

function nginxConfig(port: number, upstream: number, folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off; client_max_body_size 0; proxy_buffering off; proxy_request_buffering off; keepalive_requests 1000000;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  upstream backend { server 127.0.0.1:${upstream}; keepalive 64; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`;
}

function haproxyConfig(port: number, upstream: number): string {
  return `
global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 1m
  timeout server 1m
listen front
  bind 127.0.0.1:${port}
  server backend 127.0.0.1:${upstream}
`;
}

interface Peer {
  readonly name: string;
  readonly argv: (port: number, upstream: number, folder: string) => readonly string[] | undefined;
}

const peers: readonly Peer[] = [
  {
    name: 'plain Node proxy',
    argv: (port, upstream) => [process.execPath, '-e', plainProxy, String(port), String(upstream)],
  },
  {
    name: 'nginx',
    argv: (port, upstream, folder) => {
      const file = join(folder, 'nginx.conf');
      writeFileSync(file, nginxConfig(port, upstream, folder));
      const program = findProgram('nginx');
      return program === undefined ? undefined : [program, '-c', file, '-p', folder, '-e', `${folder}/error.log`];
    },
  },
  {
    name: 'HAProxy',
    argv: (port, upstream, folder) => {
      const file = join(folder, 'haproxy.cfg');
      writeFileSync(file, haproxyConfig(port, upstream));
      const program = findProgram('haproxy');
      return program === undefined ? undefined : [program, '-db', '-f', file];
    },
  },
];

/** `ours` is the public port of the backend that answers directly on `upstream`. */
export async function startFronts(ours: number, upstream: number, scratch: string): Promise<StartedFronts> {
  const ends: (() => Promise<void>)[] = [];
  const fronts: Front[] = [
    { name: directName, port: upstream },
    { name: ourName, port: ours },
  ];
  const missing: string[] = [];
  for (const { name, argv } of peers) {
    const port = await freePort();
    const folder = join(scratch, `${name.replaceAll(' ', '')}-${port}`);
    mkdirSync(folder);
    const [program, ...args] = argv(port, upstream, folder) ?? [];
    if (program === undefined) {
      missing.push(name);
      continue;
    }
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    const closed = once(child, 'close');
    ends.push(async () => {
      child.kill('SIGTERM');
      await closed;
    });
    fronts.push({ name, port });
  }
  const end = async (): Promise<void> => {
    await Promise.all(ends.map((one) => one()));
  };
  try {
    for (const { name, port } of fronts) {
      await waitUntil(`an answer through ${name}`, () => fetchOnce(port, '/').catch(() => undefined));
    }
  } catch (error) {
    await end();
    throw error;
  }
  return { fronts, missing, end };
}

async function freePort(): Promise<number> {
  const port = await allocatePort((candidate) => isPortFree(candidate));
  if (port === undefined) throw new Error('no port is free');
  return port;
}
