import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSocketCount } from '../../../../src/platform/net/socketCount';
import { useTempDir } from '../../../support/tempDir';

describe('socket count', () => {
  const procRoot = useTempDir();
  const net = (): string => join(procRoot(), 'net');
  const write = (v4: string, v6?: string): void => {
    rmSync(net(), { recursive: true, force: true });
    mkdirSync(net());
    writeFileSync(join(net(), 'sockstat'), v4);
    if (v6 !== undefined) writeFileSync(join(net(), 'sockstat6'), v6);
  };

  function read(): string | undefined {
    const count = openSocketCount(procRoot());
    const seen = count.read();
    count.dispose();
    return seen;
  }

  it('is_what_the_kernel_counts_as_in_use_of_both_families', () => {
    write(
      'sockets: used 152\nTCP: inuse 136 orphan 0 tw 335 alloc 54 mem 79\nUDP: inuse 7 mem 0\n',
      'TCP6: inuse 18\nUDP6: inuse 3\n',
    );
    assert.equal(read(), '136 18');
  });

  it('does_without_ipv6', () => {
    write('sockets: used 152\nTCP: inuse 0 orphan 0\n');
    assert.equal(read(), '0 ');
  });

  it('is_none_where_the_kernel_tells_nothing', () => {
    write('', 'TCP6: inuse 18\n');
    assert.equal(read(), undefined);
    write('sockets: used 152\n', 'TCP6: inuse 18\n');
    assert.equal(read(), undefined);
    rmSync(net(), { recursive: true });
    assert.equal(read(), undefined);
  });
});
