import * as vscode from 'vscode';
import type { Logger } from '../base/logger';
import { keptProcesses } from '../config/keepProcesses';
import { parseDuration } from '../config/duration';
import { settingDefaults, settingIds } from '../ids';
import type { DefaultIdleTimeout } from '../model/backendDefinition';
import type { BrokerSettings } from '../protocol/messages';

export const settingsSection = 'localBackends';

/** Reads one setting; a value of another type than its default counts as not set. */
function read(
  id: Exclude<keyof typeof settingDefaults, typeof settingIds.keepProcesses>,
  scope?: vscode.ConfigurationScope,
): string | number | boolean {
  const fallback = settingDefaults[id];
  const value = valueOf(id, scope);
  return typeof value === typeof fallback ? (value as typeof fallback) : fallback;
}

/** Of our section alone: VS Code copies what it is asked for, and the whole configuration is large. */
function valueOf(id: keyof typeof settingDefaults, scope?: vscode.ConfigurationScope): unknown {
  const ours = vscode.workspace.getConfiguration(settingsSection, scope);
  return ours.get<unknown>(id.slice(`${settingsSection}.`.length));
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

/** The idle timeout of the folder's backends that name none. */
export function defaultIdleTimeoutMs(folder: vscode.WorkspaceFolder, logger: Logger): DefaultIdleTimeout {
  const value = String(read(settingIds.idleTimeout, folder)).trim();
  if (value === 'never' || value === 'auto') return value;
  const parsed = parseDuration(value);
  return parsed.ok ? parsed.ms : tellUnreadable(settingIds.idleTimeout, parsed.message, logger);
}

/** Texts of command lines of processes that a stop of the folder's backends leaves alone. */
export function keepProcesses(folder: vscode.WorkspaceFolder): readonly string[] {
  return keptProcesses(valueOf(settingIds.keepProcesses, folder));
}

function duration(id: typeof settingIds.reconnectGrace, value: string | number | boolean, logger: Logger): number {
  const parsed = parseDuration(String(value).trim());
  if (parsed.ok) return parsed.ms;
  const fallback = parseDuration(tellUnreadable(id, parsed.message, logger));
  return fallback.ok ? fallback.ms : 0;
}

function tellUnreadable<Id extends typeof settingIds.reconnectGrace | typeof settingIds.idleTimeout>(
  id: Id,
  message: string,
  logger: Logger,
): (typeof settingDefaults)[Id] {
  const fallback = settingDefaults[id];
  logger.log('warn', `the setting ${id} ${message}; ${fallback} is used instead`);
  return fallback;
}
