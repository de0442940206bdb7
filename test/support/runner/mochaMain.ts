/** The process of a mocha ring: `node mochaMain.js REPORT RING TIMEOUT_MS TRIES [GREP]`. Writes its outcomes to REPORT. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runMocha, specFiles } from './runMocha';

async function main(): Promise<void> {
  const [report, ring, timeoutMs, tries, grep] = process.argv.slice(2);
  if (report === undefined || ring === undefined)
    throw new Error('usage: mochaMain REPORT RING TIMEOUT_MS TRIES [GREP]');
  const files = specFiles(join(__dirname, '..', '..', ring));
  const outcomes = await runMocha(files, { grep, timeoutMs: Number(timeoutMs), secondTry: tries === '2' });
  writeFileSync(report, JSON.stringify(outcomes));
}

main().then(
  // Left-over handles must not keep the ring alive; the leak check names what they hold.
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
