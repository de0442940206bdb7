/** Durations as people write them: `500ms`, `30s`, `5m`, `1h30m`. */

export type DurationResult =
  { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly message: string };

const units = [
  { name: 'h', ms: 3_600_000 },
  { name: 'm', ms: 60_000 },
  { name: 's', ms: 1_000 },
  { name: 'ms', ms: 1 },
] as const;

/** Beyond this a timer would overflow (2^31 − 1 ms is 24.8 days). */
export const longestDurationMs = 24 * 24 * 3_600_000;

/** The same grammar for the JSON schema; a test holds both together. */
export const durationPattern = '^(?=\\d)(\\d+(\\.\\d+)?h)?(\\d+(\\.\\d+)?m)?(\\d+(\\.\\d+)?s)?(\\d+ms)?$';

const grammar = new RegExp(durationPattern);

/** Parses a duration to whole milliseconds; `message` continues a sentence that starts with the key's name. */
export function parseDuration(text: string): DurationResult {
  if (text.length > 40 || !grammar.test(text)) return { ok: false, message: explain(text) };
  let ms = 0;
  for (const part of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) {
    const unit = units.find((candidate) => candidate.name === part[2]);
    ms += Number(part[1]) * (unit?.ms ?? 0);
  }
  if (ms > longestDurationMs) return { ok: false, message: 'must not be longer than 24 days (576h)' };
  return { ok: true, ms: Math.round(ms) };
}

/** The shortest text that parses to the same number of milliseconds: `90000` → `1m30s`. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  if (rest === 0) return '0s';
  let text = '';
  for (const unit of units) {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    if (count > 0) text += `${count}${unit.name}`;
  }
  return text;
}

function explain(text: string): string {
  if (/^\d+(\.\d+)?$/.test(text)) return `needs a unit: write "${text}s" or "${text}ms"`;
  return 'must be a duration such as "500ms", "30s", "5m" or "1h30m"';
}
