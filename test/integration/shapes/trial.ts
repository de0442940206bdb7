/** One shape, started and stopped in one way, and what came of it. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accepts } from '../../support/accepts';
import { ProcessCell, type Cell } from '../../support/processCell';
import { waitUntil } from '../../support/waitUntil';
import { Place } from './place';
import type { Shape } from './shapes';
import type { Way } from './way';

export interface Outcome {
  readonly shape: string;
  readonly way: string;
  readonly judge: Cell['kind'];
  /** How long the stop took. */
  readonly tookMs: number;
  /** Alive at the moment when it was said to be stopped. */
  readonly atReport: readonly string[];
  /** Alive some time later. */
  readonly left: readonly string[];
  /** How often each program was told to stop. */
  readonly terms: readonly number[];
  /** Programs that could not finish their work. */
  readonly cutOff: readonly string[];
  readonly problem?: string;
}

/** With what else there is to say of it. */
export interface Judged extends Outcome {
  readonly escapes: boolean;
  /** Bystanders that were told something. */
  readonly hit: readonly string[];
}

export interface Ground {
  readonly scratch: string;
  readonly bin: string;
  readonly env: Readonly<Record<string, string>>;
  readonly nextPort: () => Promise<number>;
}

/** Programs may still do their work when they are said to be stopped. */
const afterMs = 2_500;

export async function runTrial(shape: Shape, way: Way, ground: Ground): Promise<Outcome> {
  const place = new Place(mkdtempSync(join(ground.scratch, 'shape-')), await ground.nextPort(), ground.bin);
  for (const [name, text] of Object.entries(shape.files?.(place) ?? {})) write(join(place.folder, name), text);
  const cell = way.cell?.() ?? new ProcessCell();
  const base = { shape: shape.name, way: way.name, judge: cell.kind };
  try {
    const argv = cell.inside(shape.argv(place));
    const daemon = shape.daemon === true ? { daemonPort: place.port } : {};
    const name = place.folder.slice(-6).toLowerCase();
    const started = await way.start({ name: `s${name}`, argv, cwd: place.folder, env: ground.env, ...daemon });
    await waitUntil(
      () => `${shape.name} to be up: ${cell.describe().join(', ')}`,
      () => isUp(shape, place, cell),
      60_000,
    );
    const beganMs = performance.now();
    await started.stop();
    const tookMs = performance.now() - beganMs;
    const atReport = cell.describe();
    if (atReport.length > 0) await waitUntil('all to go', () => cell.living().length === 0, afterMs).catch(() => {});
    return { ...base, tookMs, atReport, left: cell.describe(), ...book(shape, place) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...base, tookMs: 0, atReport: [], left: [], terms: [], cutOff: [], problem };
  } finally {
    await cell.sweep();
  }
}

async function isUp(shape: Shape, place: Place, cell: Cell): Promise<boolean> {
  const apps = shape.apps ?? ['app'];
  if (!apps.every((name) => place.has(`up.${name}`))) return false;
  if (shape.upFile !== undefined && !place.has(shape.upFile)) return false;
  if (shape.processes !== undefined && cell.living().length < shape.processes) return false;
  if (shape.suspended === true && !isSuspended(place.pidOf('app'))) return false;
  if (shape.listens !== true) return true;
  const connected = await accepts(place.port);
  if (!connected) await sleep(100);
  return connected;
}

function book(shape: Shape, place: Place): Pick<Outcome, 'terms' | 'cutOff'> {
  const flushed = place.names('flushed');
  return {
    terms: [...place.terms().values()],
    cutOff: shape.stubborn === true ? [] : (shape.apps ?? ['app']).filter((name) => !flushed.includes(name)),
  };
}

function isSuspended(pid: number): boolean {
  return /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  if (text.startsWith('#!')) chmodSync(file, 0o755);
}
