import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostileProgram } from '../../support/hostileProgram';
import { useBackendRuns } from '../../support/backendRun';
import { processesWith } from '../../support/leakCheck';
import { waitUntil } from '../../support/waitUntil';

const cap = 16 * 1024 * 1024;

describe('log pump', function () {
  this.timeout(30_000);
  const runs = useBackendRuns();
  const older = (): string => `${runs.logFile}.1`;
  const pumpEnded = (marker: string): Promise<boolean> =>
    waitUntil('the pump ends', () => processesWith(`LOCAL_BACKENDS_LOG_OF=${marker}`).length === 0);

  /** The numbers of the lines kept, in the order of the files. */
  const keptNumbers = (): number[] => {
    const text = (existsSync(older()) ? readFileSync(older(), 'latin1') : '') + runs.log();
    return [...text.matchAll(/^line (\d{10}) x{80}$/gm)].map((match) => Number(match[1]));
  };

  it('keeps every line across a rotation, each once and in order', async () => {
    const lines = 250_000; // 24 MB: one rotation
    const run = await runs.start(hostileProgram('printsForever.mjs', String(lines)));
    await run.exited;
    await pumpEnded(run.marker);
    assert.ok(existsSync(older()), 'it was rotated');
    const kept = keptNumbers();
    assert.equal(kept.length, lines);
    assert.ok(kept.every((number, index) => number === index + 1));
  });

  it('keeps two generations of at most 16 MiB, and of a flood the end without a hole', async () => {
    const lines = 600_000; // 58 MB
    const run = await runs.start(hostileProgram('printsForever.mjs', String(lines)));
    await run.exited;
    await pumpEnded(run.marker);
    assert.ok(statSync(runs.logFile).size <= cap && statSync(older()).size <= cap);
    const kept = keptNumbers();
    assert.equal(kept.at(-1), lines);
    assert.ok(kept.length > 100_000);
    assert.ok(kept.every((number, index) => number === (kept[0] ?? 0) + index));
  });

  it('keeps a line of ten megabytes whole', async () => {
    const run = await runs.start(hostileProgram('tenMegabyteLine.mjs'));
    await run.exited;
    await pumpEnded(run.marker);
    assert.match(runs.log().slice(-8), /m\nafter\n$/);
    assert.equal(statSync(runs.logFile).size, 10 * 1024 * 1024 + '\nafter\n'.length);
  });

  it('hands a line on without waiting for more', async () => {
    await runs.start('echo first; read line; echo never');
    await runs.printed(/first\n/);
  });

  it('lives in a session of its own and ignores the signals of a shutdown', async () => {
    const run = await runs.start('while :; do echo tick; sleep 0.05; done');
    await runs.printed(/tick/);
    const [pump = ''] = processesWith(`LOCAL_BACKENDS_LOG_OF=${run.marker}`);
    const pid = Number.parseInt(pump, 10);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPIPE'] as const) process.kill(pid, signal);
    const before = runs.log().length;
    await waitUntil('more output', () => runs.log().length > before + 20);
    assert.ok(processesWith(`LOCAL_BACKENDS_LOG_OF=${run.marker}`).some((line) => line.startsWith(`${pid} `)));
  });

  it('shares the file with the header lines that others append', async () => {
    const run = await runs.start('echo one; read line');
    await runs.printed(/one\n/);
    appendFileSync(runs.logFile, '-- header --\n');
    await runs.stop(run);
    await (
      await runs.start('echo two')
    ).exited;
    await runs.printed(/^one\n-- header --\ntwo\n$/);
  });

  it('goes on in a new file when a person deletes the log', async () => {
    const run = await runs.start(
      'for i in 1 2 3 4 5; do echo before; done; while [ ! -e go ]; do sleep 0.02; done; yes after | head -n 3000000',
    );
    await runs.printed(/before/);
    rmSync(runs.logFile);
    writeFileSync(`${runs.dir}/go`, '');
    await run.exited;
    await pumpEnded(run.marker);
    assert.ok(existsSync(runs.logFile), 'there is a log again');
  });

  it('lets the backend go on when the log cannot be written any more', async () => {
    const run = await runs.start(
      'while [ ! -e go ]; do sleep 0.02; done; rm -rf "$LOGS"; yes lost | head -n 4000000; ' +
        'mkdir "$LOGS"; yes after | head -n 500000; exit 4',
      {
        logFile: (() => {
          const logs = `${runs.dir}/logs`;
          mkdirSync(logs);
          return `${logs}/backend.log`;
        })(),
        env: { PATH: process.env['PATH'] ?? '', LOGS: `${runs.dir}/logs` },
      },
    );
    writeFileSync(`${runs.dir}/go`, '');
    assert.deepEqual(await run.exited, { code: 4 });
    await pumpEnded(run.marker);
    const log = readFileSync(`${runs.dir}/logs/backend.log`, 'utf8');
    assert.match(log, /output is missing here: the log could not be written/);
    assert.equal(log.endsWith('after\n'), true, 'what comes when there is space again is written');
  });
});
