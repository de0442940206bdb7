/** Processes that have nothing to do with what is stopped, although they look like it: none may be told anything. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { waitUntil } from '../../support/waitUntil';
import { processFacts } from '../../support/processFacts';
import type { Place } from './place';

export class Bystanders {
  private readonly children: ChildProcess[] = [];
  private readonly told = new Map<string, number>();
  private readonly gone = new Set<string>();

  /** `place` is a folder of their own; `others` are further programs that keep book in it. */
  constructor(
    private readonly place: Place,
    private readonly others: readonly string[],
  ) {}

  /** One in the group of the bench, where peers put theirs, and one in a group of its own. */
  async open(): Promise<void> {
    const names = ['sibling', 'stranger'];
    for (const name of names) {
      const [program = '', ...args] = this.place.lasting(name);
      this.children.push(spawn(program, args, { detached: name === 'stranger', stdio: 'ignore' }));
    }
    const all = [...names, ...this.others];
    await waitUntil('the bystanders', () => all.every((name) => this.place.has(`up.${name}`)));
  }

  /** Who was hit since the last look. */
  hit(): string[] {
    const hit: string[] = [];
    for (const [name, terms] of this.place.terms()) {
      if (terms > (this.told.get(name) ?? 0)) hit.push(`${name} was told to stop`);
      this.told.set(name, terms);
      if (this.gone.has(name) || processFacts(this.place.pidOf(name))?.zombie === false) continue;
      this.gone.add(name);
      hit.push(`${name} is gone`);
    }
    return hit;
  }

  async close(): Promise<void> {
    for (const child of this.children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
  }
}
