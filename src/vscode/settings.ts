import * as vscode from 'vscode';
import type { Logger } from '../base/logger';
import { keptProcesses } from '../config/keepProcesses';
import { parseDuration } from '../config/duration';
import { settingDefaults, settingIds } from '../ids';
import type { BrokerSettings } from '../protocol/messages';

export const settingsSection = 'localBackends';

/** Reads one setting; a value of another type than its default counts as not set. */
function read(
  id: Exclude<keyof typeof settingDefaults, typeof settingIds.keepProcesses>,
  scope?: vscode.ConfigurationScope,
): string | number | boolean {
  const fallback = settingDefaults[id];
  const value = vscode.workspace.getConfiguration(undefined, scope).get<unknown>(id);
  return typeof value === typeof fallback ? (value as typeof fallback) : fallback;
}

export function brokerRunsInProcess(): boolean {
  return read(settingIds.brokerRunsIn) === 'extensionHost';
}

export function showsCountdown(): boolean {
  return read(settingIds.statusBarCountdown) === true;
}

/** The settings as the broker wants them. A duration that cannot be read is told and replaced by its default. */
export function brokerSettings(logger: Logger): BrokerSettings {
  const asked = Number(read(settingIds.maxConcurrentStarts));
  return {
    reconnectGraceMs: duration(settingIds.reconnectGrace, read(settingIds.reconnectGrace), logger),
    maxConcurrentStarts: Number.isFinite(asked) ? Math.max(0, Math.floor(asked)) : 0,
  };
}

/** The idle timeout of the folder's backends that name none: ms, or 'never'. */
export function defaultIdleTimeoutMs(folder: vscode.WorkspaceFolder, logger: Logger): number | 'never' {
  const value = read(settingIds.idleTimeout, folder);
  return String(value).trim() === 'never' ? 'never' : duration(settingIds.idleTimeout, value, logger);
}

/** Texts of command lines of processes that a stop of the folder's backends leaves alone. */
export function keepProcesses(folder: vscode.WorkspaceFolder): readonly string[] {
  return keptProcesses(vscode.workspace.getConfiguration(undefined, folder).get<unknown>(settingIds.keepProcesses));
}

function duration(
  id: typeof settingIds.reconnectGrace | typeof settingIds.idleTimeout,
  value: string | number | boolean,
  logger: Logger,
): number {
  const parsed = parseDuration(String(value).trim());
  if (parsed.ok) return parsed.ms;
  const fallback = parseDuration(settingDefaults[id]);
  logger.log('warn', `the setting ${id} ${parsed.message}; ${settingDefaults[id]} is used instead`);
  return fallback.ok ? fallback.ms : 0;
}
