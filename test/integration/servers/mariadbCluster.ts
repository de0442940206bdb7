import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { neededProgram } from '../../support/neededProgram';
import { runToEnd } from './runToEnd';

/** A fresh data folder in an empty one, and the definition of a backend that runs it. */
export async function makeMariadb(data: string): Promise<object> {
  const cluster = join(data, 'cluster');
  mkdirSync(cluster);
  chmodSync(data, 0o755);
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const lean = ['--innodb-log-file-size=4M', '--innodb-buffer-pool-size=8M', '--innodb-flush-method=nosync'];
  const install = [
    neededProgram('mariadb-install-db', 'mariadbd'),
    '--no-defaults',
    `--datadir=${cluster}`,
    '--skip-test-db',
    '--auth-root-authentication-method=normal',
  ];
  await runToEnd([...install, ...user, ...lean], data);
  const files = [`--datadir=${cluster}`, `--socket=${join(data, 's.sock')}`, `--pid-file=${join(data, 'pid')}`];
  const address = ['--bind-address=127.0.0.1', '--port=${port}'];
  const command = [neededProgram('mariadbd'), '--no-defaults', ...files, ...address, ...user, ...lean];
  return { command, ready: { log: 'ready for connections', tcp: true } };
}
