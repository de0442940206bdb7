/**
 * How brokers announce themselves: numbered generation files, of which only the highest is true.
 * A record is written complete to a temporary file and linked to the next number, which exactly one
 * contender can win. Nobody ever deletes a live record: liveness is "its socket accepts", never a pid or an age.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { errorCode } from '../base/errors';
import { canConnect } from './socketConnect';

export interface BrokerRecord {
  readonly socketPath: string;
  /** Secret a client must present; readable only by the owner of the state directory. */
  readonly token: string;
  readonly pid: number;
  readonly buildId: string;
  /** Set when the broker left on purpose. */
  readonly released?: boolean;
}

export type ClaimResult =
  | { readonly kind: 'claimed'; readonly generation: number; release(): Promise<void> }
  | { readonly kind: 'occupied'; readonly record: BrokerRecord };

const maxContentions = 50;

/** The record of the latest broker, dead or alive; undefined when there is none or it left on purpose. */
export async function latestRecord(directory: string): Promise<BrokerRecord | undefined> {
  const generations = await listGenerations(directory);
  const highest = generations.at(-1);
  if (highest === undefined) return undefined;
  const record = await readRecord(directory, highest);
  return record?.released === true ? undefined : record;
}

/**
 * Makes `record` the latest, unless a live broker is there already. The caller's socket must accept
 * connections before this is called: that is how others see it alive.
 */
export async function claimRecord(directory: string, record: BrokerRecord): Promise<ClaimResult> {
  const temporary = path.join(directory, `.${randomBytes(8).toString('hex')}.tmp`);
  await fs.writeFile(temporary, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
  try {
    for (let contention = 0; contention < maxContentions; contention++) {
      const generations = await listGenerations(directory);
      const highest = generations.at(-1) ?? 0;
      const current = highest > 0 ? await readRecord(directory, highest) : undefined;
      if (current !== undefined && current.released !== true && (await canConnect(current.socketPath))) {
        return { kind: 'occupied', record: current };
      }
      if (!(await linkExclusive(temporary, path.join(directory, String(highest + 1))))) continue;
      await removeOlder(directory, highest + 1);
      // Its socket file leads nowhere: nobody accepted there a moment ago.
      if (current !== undefined && isSocketFile(current.socketPath)) await fs.rm(current.socketPath, { force: true });
      return { kind: 'claimed', generation: highest + 1, release: () => release(directory, highest + 1, record) };
    }
  } finally {
    await fs.rm(temporary, { force: true });
  }
  throw new Error(`could not settle who is the broker in ${directory}`);
}

/** Named pipes are no files. */
function isSocketFile(socketPath: string): boolean {
  return path.isAbsolute(socketPath) && socketPath.endsWith('.sock');
}

async function release(directory: string, generation: number, record: BrokerRecord): Promise<void> {
  const temporary = path.join(directory, `.${randomBytes(8).toString('hex')}.tmp`);
  await fs.writeFile(temporary, JSON.stringify({ ...record, token: '', released: true }), { mode: 0o600 });
  await fs.rename(temporary, path.join(directory, String(generation)));
}

async function linkExclusive(from: string, to: string): Promise<boolean> {
  try {
    await fs.link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function listGenerations(directory: string): Promise<number[]> {
  let names: string[];
  try {
    names = await fs.readdir(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return names
    .filter((name) => /^[1-9]\d{0,14}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Only numbers below our own are ever removed, so no step can delete a live record. */
async function removeOlder(directory: string, than: number): Promise<void> {
  const older = (await listGenerations(directory)).filter((generation) => generation < than);
  await Promise.all(older.map((generation) => fs.rm(path.join(directory, String(generation)), { force: true })));
}

async function readRecord(directory: string, generation: number): Promise<BrokerRecord | undefined> {
  let text: string;
  try {
    text = await fs.readFile(path.join(directory, String(generation)), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  return parseRecord(text);
}

/** A record that cannot be understood counts as a dead broker, never as an error. */
export function parseRecord(text: string): BrokerRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Record<string, unknown>;
  if (typeof record['socketPath'] !== 'string' || typeof record['token'] !== 'string') return undefined;
  if (typeof record['pid'] !== 'number' || typeof record['buildId'] !== 'string') return undefined;
  return {
    socketPath: record['socketPath'],
    token: record['token'],
    pid: record['pid'],
    buildId: record['buildId'],
    ...(record['released'] === true ? { released: true } : {}),
  };
}
