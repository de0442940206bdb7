/** The file of past starts. What cannot be understood is forgotten: it only makes an estimate. */
import { readFileSync, statSync } from 'node:fs';
import type { PastStarts } from '../model/snapshot';

export const keptStarts = 20;
/** Of the last starts, whether they said themselves that they were ready. */
export const keptSayings = 5;
export const keptBackends = 500;
const version = 1;
/** Twice what the bounds above allow for; a larger file is not ours. */
const largestBytes = 512 * 1024;
const longestStartMs = 24 * 60 * 60 * 1_000;

export function writtenStarts(starts: ReadonlyMap<string, PastStarts>): string {
  const entries = [...starts].map(
    ([id, { readyMs, failedMs, saidSo = [] }]) => [id, [readyMs, failedMs, saidSo]] as const,
  );
  return JSON.stringify({ version, starts: Object.fromEntries(entries) });
}

export function readStarts(file: string): Map<string, PastStarts> {
  try {
    if (statSync(file).size > largestBytes) return new Map();
    return parseStarts(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return new Map();
  }
}

function parseStarts(value: unknown): Map<string, PastStarts> {
  const starts = new Map<string, PastStarts>();
  if (!isRecord(value) || value['version'] !== version || !isRecord(value['starts'])) return starts;
  for (const [id, entry] of Object.entries(value['starts']).slice(-keptBackends)) {
    const [ready, failed, said] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
    if (!isDurations(ready) || !isDurations(failed)) continue;
    const saidSo = isSayings(said) ? said.slice(-keptSayings) : [];
    starts.set(id, { readyMs: ready.slice(-keptStarts), failedMs: failed.slice(-keptStarts), saidSo });
  }
  return starts;
}

function isDurations(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number' && item >= 0 && item <= longestStartMs);
}

function isSayings(value: unknown): value is boolean[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'boolean');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
