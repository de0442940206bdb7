import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';

/** Local addresses, in the notation of /proc/net, on which the process listens; not by the product's own reader. */
function listeningAddresses(pid: number): string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === '0A' && inodes.has(inode ?? ''))
      .map(([, address = '']) => address.slice(0, address.indexOf(':'))),
  );
}

const loopback = ['0100007F', '00000000000000000000000001000000', '0000000000000000FFFF00000100007F'];

describe('what the broker listens on', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('is no network address but loopback, also while backends with and without a gateway run', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const server = { command: ['node', 'server.cjs'], port: 'auto', ready: { http: '/' } };
    await b.declare({
      api: { ...server, env: { PORT: '${port}' }, gateway: true },
      web: { ...server, gateway: false },
    });
    await b.start('api');
    await b.start('web');
    const addresses = listeningAddresses(b.brokerPid ?? 0);
    assert.deepEqual(
      addresses.filter((address) => !loopback.includes(address)),
      [],
    );
    // The reader itself is held to something it must find.
    const web = b.view('web');
    assert.deepEqual(listeningAddresses(web.pid ?? 0), ['0100007F']);
  });
});
