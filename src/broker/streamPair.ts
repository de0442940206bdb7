import { Duplex } from 'node:stream';

/** Two ends of a pipe in memory; what is written to one is read from the other, and closing one closes both. */
export function streamPair(): readonly [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const end = (other: () => Duplex | undefined): Duplex =>
    new Duplex({
      read: () => {},
      write: (chunk: Buffer, _encoding, done) => {
        const peer = other();
        // Not in the same turn: a reader must not run inside of its writer.
        setImmediate(() => {
          if (peer?.destroyed === false) peer.push(chunk);
          done();
        });
      },
      final: (done) => {
        other()?.push(null);
        done();
      },
      destroy: (error, done) => {
        const peer = other();
        if (peer?.destroyed === false) setImmediate(() => peer.destroy());
        done(error);
      },
    });
  const a = end(() => ends[1]);
  const b = end(() => ends[0]);
  ends.push(a, b);
  return [a, b];
}
