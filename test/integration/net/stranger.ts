import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Another process that listens on loopback; optionally it connects to itself when told to. */
export class Stranger {
  private constructor(
    readonly process: ChildProcess,
    readonly pid: number,
    readonly port: number,
  ) {}

  static async start(host = '127.0.0.1', port = 0): Promise<Stranger> {
    const program = `
      const net = require('node:net');
      const server = net.createServer((socket) => socket.on('error', () => {}));
      server.listen(${port}, '${host}', () => process.send(server.address().port));
      process.on('message', () => {
        const own = net.connect(server.address().port, '${host}', () => process.send('connected'));
        own.on('error', () => {});
      });
      process.on('disconnect', () => process.exit());
    `;
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [listening] = (await once(child, 'message')) as [number];
    if (child.pid === undefined) throw new Error('the stranger did not start');
    return new Stranger(child, child.pid, listening);
  }

  async connectToItself(): Promise<void> {
    const connected = once(this.process, 'message');
    this.process.send('connect');
    await connected;
  }

  async end(): Promise<void> {
    const exited = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exited;
  }
}
