import { extensionId } from '../../src/ids';
import { buildVsix } from '../../test/support/vsix';
import { launchBrowser } from '../../test/support/vscode/browser';
import { provisionServer } from '../../test/support/vscode/serverPackage';
import { BenchHost } from '../support/benchHost';
import type { Comparison, Measured } from '../support/comparison';
import { fixtureId, packFixtureExtension } from '../support/fixtureExtension';
import type { ActivationTimes } from '../support/probeOrder';
import type { BenchContext } from '../support/runBench';
import { percentile } from '../support/statistics';

const maxExcessMs = 30;
const emptyId = fixtureId({ name: 'empty' });

/** Five backends, a few of every kind of key: what a window reads at activation. */
const backendsFile = JSON.stringify({
  backends: {
    db: { command: ['sleep', '86400'], idleTimeout: 'never', ready: 'none' },
    api: { command: ['sleep', '86400'], dependsOn: ['db'], env: { LEVEL: 'info' }, ready: 'none' },
    web: { command: 'sleep 86400', dependsOn: ['api'], ready: 'none', activity: { cpu: false } },
    worker: { command: ['sleep', '86400'], stop: { signal: 'SIGTERM', grace: '1s' }, ready: 'none' },
    mail: { command: ['sleep', '86400'], idleTimeout: '10m', ready: 'none' },
  },
});

interface Windows {
  readonly ours: readonly ActivationTimes[];
  readonly empty: readonly ActivationTimes[];
}

/**
 * How long `activate()` takes inside a real extension host, from the call until it resolved, loading the code
 * included: ours and an empty extension in the same host, each of them first in every other window.
 */
export async function measureActivation(context: BenchContext): Promise<Measured> {
  const install = await provisionServer(context.print);
  const vsix = (await buildVsix()).path;
  const probe = { name: 'probe', activationEvents: ['onStartupFinished'] } as const;
  const empty = { name: 'empty', activationEvents: ['workspaceContains:.vscode/backends.json'] } as const;
  const helpers = [
    await packFixtureExtension(probe, context.scratch),
    await packFixtureExtension(empty, context.scratch),
  ];
  const browser = await launchBrowser();
  const host = await BenchHost.start(install, browser, `${context.scratch}/host`, [vsix, ...helpers]);
  try {
    const alone = await timesOf(host, context, 'no broker runs');
    if (host.brokerPid() !== undefined) throw new Error('activation alone has started a broker');
    // Stays open and so keeps the broker, with five running backends.
    await host.open({ task: 'run', keepAwake: [] }, backendsFile);
    const beside = await timesOf(host, context, 'a broker runs');
    if (host.brokerPid() === undefined) throw new Error('the broker left while its window was open');
    return {
      comparisons: [...comparisonsOf('no broker runs', alone), ...comparisonsOf('a broker runs', beside)],
      notes: [`Activation: ${context.samples} windows for each figure; listed as elapsed (processor time) in ms.`],
    };
  } finally {
    await browser.close();
    await host.stop();
  }
}

async function timesOf(host: BenchHost, { samples, print }: BenchContext, what: string): Promise<Windows> {
  const ours: ActivationTimes[] = [];
  const empty: ActivationTimes[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const extensions = sample % 2 === 0 ? [extensionId, emptyId] : [emptyId, extensionId];
    const { workbench, report } = await host.open({ task: 'activate', backendsFile, extensions });
    await workbench.close();
    for (const [id, times] of Object.entries(report.activation ?? {})) (id === extensionId ? ours : empty).push(times);
  }
  print(`  ${what}: ${listed(ours)}; empty: ${listed(empty)}`);
  return { ours, empty };
}

function listed(windows: readonly ActivationTimes[]): string {
  return windows.map(({ elapsedMs, cpuMs }) => `${elapsedMs.toFixed(0)} (${cpuMs.toFixed(0)})`).join(' ');
}

function comparisonsOf(what: string, { ours, empty }: Windows): readonly Comparison[] {
  const figure = (kind: keyof ActivationTimes, share: number): Pick<Comparison, 'unit' | 'ours' | 'baseline'> => {
    const of = (windows: readonly ActivationTimes[]): number =>
      percentile(
        windows.map((times) => times[kind]),
        share,
      );
    return { unit: 'ms', ours: of(ours), baseline: of(empty) };
  };
  return [
    {
      measure: `activation, ${what}, median`,
      ...figure('elapsedMs', 0.5),
      target: { of: 'excess', atMost: maxExcessMs },
    },
    { measure: `activation, ${what}, p95`, ...figure('elapsedMs', 0.95) },
    { measure: `activation, ${what}, processor time, median`, ...figure('cpuMs', 0.5) },
  ];
}
