import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { neededProgram } from '../../support/neededProgram';
import { runToEnd } from './runToEnd';

/** A fresh cluster in an empty folder, and the definition of a backend that runs it, as the user that it insists on. */
export async function makePostgres(data: string): Promise<object> {
  const asRoot = process.getuid?.() === 0;
  const asUser = asRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
  if (asRoot) {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((what) => runToEnd(['id', what, 'postgres'], '/')));
    chownSync(data, Number(uid), Number(gid));
  }
  const cluster = join(data, 'cluster');
  const initdb = [
    neededProgram('initdb', 'postgres'),
    '-D',
    cluster,
    '-U',
    'postgres',
    '-A',
    'trust',
    '--no-sync',
    '--locale=C',
  ];
  await runToEnd([...asUser, ...initdb], data);
  const server = [neededProgram('postgres'), '-D', cluster, '-p', '${port}', '-k', data, '-F'];
  const exec = [neededProgram('pg_isready', 'postgres'), '-h', '127.0.0.1', '-p', '${port}'];
  const command = [...asUser, ...server, '-c', 'listen_addresses=127.0.0.1'];
  // Its default signal waits for clients; this one ends them, as a developer expects of a stop.
  return { command, ready: { exec }, stop: { signal: 'SIGINT' } };
}
