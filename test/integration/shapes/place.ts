/** Where a shape runs: a folder of its own in which its programs keep book of how they are stopped. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostileProgram } from '../../support/hostileProgram';

export class Place {
  constructor(
    readonly folder: string,
    /** Free, for the programs that listen. */
    readonly port: number,
    /** Where the programs from npm are. */
    readonly bin: string,
  ) {}

  /** The argv of a program that keeps book. */
  app(name = 'app', flushMs = 300, kind = ''): string[] {
    return hostileProgram('toldToStop.mjs', this.folder, name, String(flushMs), kind);
  }

  /** One that writes down what it is told, and stays for the length of a whole bench. */
  lasting(name: string): string[] {
    return [...this.app(name, 0, 'stubborn'), '', String(3_600_000)];
  }

  /** One that listens on the port of this place. */
  server(): string[] {
    return [...this.app(), String(this.port)];
  }

  /** The same as words of a shell: nothing in it needs quotes but is given them. */
  appText(name = 'app', flushMs = 300, kind = ''): string {
    return words(this.app(name, flushMs, kind));
  }

  program(name: string): string {
    return join(this.bin, name);
  }

  has(file: string): boolean {
    return existsSync(join(this.folder, file));
  }

  pidOf(name: string): number {
    return Number(this.read(`up.${name}`));
  }

  /** How often each program that keeps book was told to stop, by its name. */
  terms(): ReadonlyMap<string, number> {
    return new Map(this.names('up').map((name) => [name, this.read(`terms.${name}`).length]));
  }

  /** Names of the programs that could finish their work, or were cut off in it by a second signal. */
  names(what: 'up' | 'flushed' | 'forced'): string[] {
    const prefix = `${what}.`;
    return readdirSync(this.folder)
      .filter((file) => file.startsWith(prefix))
      .map((file) => file.slice(prefix.length));
  }

  private read(file: string): string {
    return this.has(file) ? readFileSync(join(this.folder, file), 'utf8') : '';
  }
}

export function words(argv: readonly string[]): string {
  return argv.map((word) => `'${word}'`).join(' ');
}
