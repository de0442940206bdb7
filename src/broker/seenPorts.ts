/** The ports on which something listens, read again only in the family of which the kernel's count has moved. */
import type { IpFamily } from '../platform/net/socketTable';

/** As one socket may close while another opens, nothing is believed for longer. */
const goodForMs = 500;
const nothing: ReadonlySet<number> = new Set();

interface Seen {
  readonly count: string | undefined;
  readonly atMs: number;
  readonly ports: ReadonlySet<number>;
}

export class SeenPorts {
  private readonly last = new Map<IpFamily, Seen>();

  constructor(private readonly read: (family: IpFamily) => ReadonlySet<number> | undefined) {}

  /** `count`: of sockets in use, as read before this. */
  now(count: string | undefined, nowMs: number): readonly ReadonlySet<number>[] {
    const [v4, v6] = count?.split(' ') ?? [];
    return [this.of('v4', v4, nowMs), this.of('v6', v6, nowMs)];
  }

  private of(family: IpFamily, count: string | undefined, nowMs: number): ReadonlySet<number> {
    const last = this.last.get(family);
    if (last !== undefined && count !== undefined && last.count === count && nowMs - last.atMs < goodForMs)
      return last.ports;
    const ports = this.read(family) ?? nothing;
    this.last.set(family, { count, atMs: nowMs, ports });
    return ports;
  }
}
