/** Holds connections to a port for the memory figures of the gateway; obeys messages of its parent. Argument: the port. */
import { connect, type Socket } from 'node:net';
import type { HolderAnswer, HolderOrder } from './gateway/holders';

const question = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

class Holder {
  private readonly sockets: Socket[] = [];

  constructor(private readonly port: number) {}

  async obey(order: HolderOrder): Promise<HolderAnswer> {
    let failed = 0;
    switch (order.kind) {
      case 'open':
        for (let opened = 0; opened < order.count; opened++) await this.open();
        break;
      case 'ask':
        for (const socket of this.sockets.slice(order.from, order.to)) failed += (await ask(socket)) ? 0 : 1;
        break;
      case 'close':
        for (const socket of this.sockets.splice(0)) socket.destroy();
    }
    return { open: this.sockets.filter(({ closed }) => !closed).length, failed };
  }

  private open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => {
        socket.off('error', reject);
        socket.on('error', () => {});
        resolve();
      });
      socket.once('error', reject);
      this.sockets.push(socket);
    });
  }
}

/** True for a whole answer with 200. */
function ask(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    let said = '';
    const done = (isGood: boolean): void => {
      socket.off('data', onData).off('close', onClose);
      resolve(isGood);
    };
    const onClose = (): void => done(false);
    const onData = (bytes: Buffer): void => {
      said += bytes.toString('latin1');
      if (/\r\n\r\nhello from \d+$/.test(said)) done(said.startsWith('HTTP/1.1 200 '));
      else if (/^HTTP\/1\.1 [345]/.test(said)) done(false);
    };
    socket.on('data', onData).once('close', onClose);
    socket.write(question);
  });
}

const holder = new Holder(Number(process.argv[2]));
process.on('message', (order: HolderOrder) => {
  holder.obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
