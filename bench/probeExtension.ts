/** The probe inside an extension host: carries out the order it finds in the window's folder, and reports. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { commandIds, configFileName } from '../src/ids';
import { orderFile, type ActivationTimes, type ProbeOrder, type ProbeReport } from './support/probeOrder';

/** The host has just started all other extensions, and a file was written: what it works on is not ours. */
const settledShare = 0.03;
const lookMs = 500;
const settleDeadlineMs = 20_000;

export function activate(): void {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (folder === undefined || !existsSync(join(folder, orderFile))) return;
  const order = JSON.parse(readFileSync(join(folder, orderFile), 'utf8')) as ProbeOrder;
  void carryOut(order, folder)
    .catch((error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }))
    .then((outcome) => report(order.report, { pid: process.pid, ...outcome }));
}

async function carryOut(order: ProbeOrder, folder: string): Promise<Partial<ProbeReport>> {
  switch (order.task) {
    case 'nothing':
      return {};
    case 'activate':
      return { activation: await activateAll(order.extensions, join(folder, configFileName), order.backendsFile) };
    case 'run':
      for (const name of order.keepAwake) {
        await vscode.commands.executeCommand(commandIds.start, name);
        await vscode.commands.executeCommand(commandIds.keepAwake, name);
      }
      await vscode.commands.executeCommand(commandIds.startAll);
      return {};
  }
}

async function activateAll(
  ids: readonly string[],
  file: string,
  text: string,
): Promise<Record<string, ActivationTimes>> {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const times: Record<string, ActivationTimes> = {};
  for (const id of ids) {
    const extension = vscode.extensions.getExtension(id);
    if (extension === undefined) throw new Error(`${id} is not installed`);
    await settled();
    if (extension.isActive) throw new Error(`${id} was active before it was asked to be`);
    const began = { atMs: performance.now(), cpuMs: threadCpuMs() };
    await extension.activate();
    times[id] = { elapsedMs: performance.now() - began.atMs, cpuMs: threadCpuMs() - began.cpuMs };
  }
  return times;
}

/** Until the host has used next to no processor time for a while, twice in a row. */
async function settled(): Promise<void> {
  const endMs = performance.now() + settleDeadlineMs;
  for (let calm = 0; calm < 2;) {
    const before = threadCpuMs();
    await sleep(lookMs);
    calm = threadCpuMs() - before < lookMs * settledShare ? calm + 1 : 0;
    if (performance.now() > endMs) throw new Error('the extension host did not come to rest');
  }
}

/** Of the calling thread where Node can tell it (24 and later), else of the process. */
function threadCpuMs(): number {
  const { user, system } = 'threadCpuUsage' in process ? threadCpuUsage(process) : process.cpuUsage();
  return (user + system) / 1_000;
}

function threadCpuUsage(node: { threadCpuUsage: unknown }): NodeJS.CpuUsage {
  return (node.threadCpuUsage as () => NodeJS.CpuUsage)();
}

/** A reader sees all of it or nothing. */
function report(file: string, outcome: ProbeReport): void {
  writeFileSync(`${file}.partial`, JSON.stringify(outcome));
  renameSync(`${file}.partial`, file);
}
