/** Lets those who arrive early wait until it is opened, in order. Who has left meanwhile is not let in: nobody would hear it go. */
export class Door<T extends { readonly destroyed: boolean }> {
  private early: T[] | undefined = [];

  constructor(private readonly enter: (visitor: T) => void) {}

  arrive(visitor: T): void {
    if (this.early === undefined) this.enter(visitor);
    else this.early.push(visitor);
  }

  open(): void {
    const early = this.early ?? [];
    this.early = undefined;
    for (const visitor of early) if (!visitor.destroyed) this.enter(visitor);
  }
}
