/** Who holds which backend awake. A lease belongs to its holder: only `release` ends it. */
export class LeaseTable {
  private readonly held = new Map<string, Set<string>>();

  /** False when this lease was held already. */
  acquire(key: string, leaseId: string): boolean {
    const leases = this.held.get(key) ?? new Set<string>();
    if (leases.has(leaseId)) return false;
    leases.add(leaseId);
    this.held.set(key, leases);
    return true;
  }

  /** False when this lease was not held. */
  release(key: string, leaseId: string): boolean {
    const leases = this.held.get(key);
    if (leases === undefined || !leases.delete(leaseId)) return false;
    if (leases.size === 0) this.held.delete(key);
    return true;
  }

  isHeld(key: string): boolean {
    return this.held.has(key);
  }
}
