import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildVsix } from '../../test/support/vsix';
import { launchBrowser } from '../../test/support/vscode/browser';
import { provisionServer, type VsCodeServerInstall } from '../../test/support/vscode/serverPackage';
import { BenchHost } from '../support/benchHost';
import type { Comparison, Measured } from '../support/comparison';
import { packFixtureExtension } from '../support/fixtureExtension';
import { hundredBackends } from '../support/hundredBackends';
import { cpuPercentOver, memoryOf, type MemoryUse } from '../support/processUsage';
import type { BenchContext } from '../support/runBench';

const maxHostPercent = 0.5;
const maxBrokerPercent = 1;
const maxBrokerMb = 70;
/** A host that has just started a hundred backends still collects garbage and compiles. */
const settleMs = 15_000;

interface Hosts {
  readonly ours: BenchHost;
  readonly empty: BenchHost;
}

/**
 * What a hundred running backends cost while nothing happens: processor time of extension host and broker with the
 * tree hidden and shown, beside a second VS Code with an empty extension, watched over the same seconds.
 */
export async function measureRest(context: BenchContext): Promise<Measured> {
  const install = await provisionServer(context.print);
  const extensions = [(await buildVsix()).path];
  const probe = await packFixtureExtension({ name: 'probe', activationEvents: ['onStartupFinished'] }, context.scratch);
  const activationEvents = ['workspaceContains:.vscode/backends.json'];
  const nothing = await packFixtureExtension({ name: 'empty', activationEvents }, context.scratch);
  const browser = await launchBrowser();
  const started: BenchHost[] = [];
  const startHost = async (name: string, vsixes: readonly string[]): Promise<BenchHost> => {
    const host = await BenchHost.start(install, browser, `${context.scratch}/${name}`, vsixes);
    started.push(host);
    return host;
  };
  try {
    const hosts = {
      ours: await startHost('ours', [...extensions, probe]),
      empty: await startHost('nothing', [nothing, probe]),
    };
    return await watch(hosts, install, context);
  } finally {
    await browser.close();
    for (const host of started) await host.stop();
  }
}

async function watch(hosts: Hosts, install: VsCodeServerInstall, { print, watchMs }: BenchContext): Promise<Measured> {
  const { text, keepAwake, described } = hundredBackends();
  const empty = await hosts.empty.open({ task: 'nothing' }, text);
  print('  starting a hundred backends …');
  const ours = await hosts.ours.open({ task: 'run', keepAwake }, text);
  const broker = hosts.ours.brokerPid();
  if (broker === undefined) throw new Error('no broker runs');
  const pids = { host: ours.report.pid, emptyHost: empty.report.pid, broker };
  await sleep(settleMs);
  print(`  tree hidden, ${watchMs / 1_000} s …`);
  const hidden = await cpuPercentOver(watchMs, pids);
  await ours.workbench.openViewContainer('Backends');
  await ours.workbench.treeRows().first().waitFor();
  await sleep(settleMs);
  print(`  tree visible, ${watchMs / 1_000} s …`);
  const visible = await cpuPercentOver(watchMs, pids);
  return {
    comparisons: [
      ...cpuComparisons('tree hidden', hidden),
      ...cpuComparisons('tree visible', visible),
      ...memoryComparisons(memoryOf(broker), await memoryOfIdleNode(install.node)),
    ],
    notes: [`At rest: ${described}; ${watchMs / 1_000} s for each figure.`],
  };
}

function cpuComparisons(
  when: string,
  percent: Readonly<Record<'host' | 'emptyHost' | 'broker', number>>,
): readonly Comparison[] {
  const unit = '% of a core';
  return [
    {
      ...{ measure: `extension host at rest, ${when}`, unit, ours: percent.host, baseline: percent.emptyHost },
      target: { of: 'excess', atMost: maxHostPercent },
    },
    {
      ...{ measure: `broker at rest, ${when}`, unit, ours: percent.broker },
      target: { of: 'ours', atMost: maxBrokerPercent },
    },
  ];
}

function memoryComparisons(broker: MemoryUse, idleNode: MemoryUse): readonly Comparison[] {
  return [
    {
      ...{ measure: 'broker memory, RSS', unit: 'MB', ours: broker.rssMb, baseline: idleNode.rssMb },
      target: { of: 'ours', atMost: maxBrokerMb },
    },
    { measure: 'broker memory, PSS', unit: 'MB', ours: broker.pssMb, baseline: idleNode.pssMb },
  ];
}

/** The same Node with nothing to do: what no broker could be smaller than. */
async function memoryOfIdleNode(node: string): Promise<MemoryUse> {
  const source = "setInterval(() => {}, 1 << 30); process.stdout.write('up')";
  const child = spawn(node, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise((resolve) => child.once('close', resolve));
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve));
    return memoryOf(child.pid ?? 0);
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
}
