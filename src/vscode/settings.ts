import * as vscode from 'vscode';
import type { Logger } from '../base/logger';
import { keptProcesses } from '../config/keepProcesses';
import { parseDuration } from '../config/duration';
import { settingDefaults, settingIds } from '../ids';
import type { DefaultIdleTimeout } from '../model/backendDefinition';
import type { BrokerSettings } from '../protocol/messages';

export const settingsSection = 'localBackends';

type Scalar = Exclude<keyof typeof settingDefaults, typeof settingIds.keepProcesses>;

/** Our section alone, and asked for once where several are read: VS Code copies what it is asked for. */
function sectionOf(scope?: vscode.ConfigurationScope): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(settingsSection, scope);
}

/** One setting; a value of another type than its default counts as not set. */
function read(id: Scalar, section = sectionOf()): string | number | boolean {
  const fallback = settingDefaults[id];
  const value = valueOf(id, section);
  return typeof value === typeof fallback ? (value as typeof fallback) : fallback;
}

function valueOf(id: keyof typeof settingDefaults, section: vscode.WorkspaceConfiguration): unknown {
  return section.get<unknown>(id.slice(`${settingsSection}.`.length));
}

export function brokerRunsInProcess(): boolean {
  return read(settingIds.brokerRunsIn) === 'extensionHost';
}

export function showsCountdown(): boolean {
  return read(settingIds.statusBarCountdown) === true;
}

/** The settings as the broker wants them. A duration that cannot be read is told and replaced by its default. */
export function brokerSettings(logger: Logger): BrokerSettings {
  const section = sectionOf();
  const asked = Number(read(settingIds.maxConcurrentStarts, section));
  return {
    reconnectGraceMs: duration(settingIds.reconnectGrace, read(settingIds.reconnectGrace, section), logger),
    maxConcurrentStarts: Number.isFinite(asked) ? Math.max(0, Math.floor(asked)) : 0,
  };
}

export interface FolderSettings {
  /** Of backends that name none. */
  readonly defaultIdleTimeoutMs: DefaultIdleTimeout;
  /** Texts of command lines of processes that a stop leaves alone. */
  readonly keepProcesses: readonly string[];
}

/** The settings that each folder may say for its backends. */
export function folderSettings(folder: vscode.WorkspaceFolder, logger: Logger): FolderSettings {
  const section = sectionOf(folder);
  return {
    defaultIdleTimeoutMs: idleTimeoutMs(String(read(settingIds.idleTimeout, section)).trim(), logger),
    keepProcesses: keptProcesses(valueOf(settingIds.keepProcesses, section)),
  };
}

function idleTimeoutMs(value: string, logger: Logger): DefaultIdleTimeout {
  if (value === 'never' || value === 'auto') return value;
  const parsed = parseDuration(value);
  return parsed.ok ? parsed.ms : tellUnreadable(settingIds.idleTimeout, parsed.message, logger);
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
