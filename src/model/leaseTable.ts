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

  release(key: string, leaseId: string): 'unknown' | 'othersRemain' | 'wasLast' {
    const leases = this.held.get(key);
    if (leases === undefined || !leases.delete(leaseId)) return 'unknown';
    if (leases.size > 0) return 'othersRemain';
    this.held.delete(key);
    return 'wasLast';
  }

  isHeld(key: string): boolean {
    return this.held.has(key);
  }
}
