/** Every id the manifest and the code share; a test holds both against each other in both directions. */

export const extensionId = 'local-backends.local-backends';

export const viewContainerId = 'localBackends';
export const viewId = 'localBackends.backends';
export const configFileName = '.vscode/backends.json';
export const taskType = 'localBackends';
export const stateDirVariable = 'LOCAL_BACKENDS_STATE_DIR';

export const commandIds = {
  start: 'localBackends.start',
  stop: 'localBackends.stop',
  restart: 'localBackends.restart',
  startAll: 'localBackends.startAll',
  stopAll: 'localBackends.stopAll',
  sleepNow: 'localBackends.sleepNow',
  keepAwake: 'localBackends.keepAwake',
  releaseKeepAwake: 'localBackends.releaseKeepAwake',
  showLogs: 'localBackends.showLogs',
  killLeftovers: 'localBackends.killLeftovers',
  ignoreLeftovers: 'localBackends.ignoreLeftovers',
  filterLogs: 'localBackends.filterLogs',
  showLogFile: 'localBackends.showLogFile',
  openInBrowser: 'localBackends.openInBrowser',
  copyUrl: 'localBackends.copyUrl',
  showDetails: 'localBackends.showDetails',
  whyAwake: 'localBackends.whyAwake',
  openConfig: 'localBackends.openConfig',
  /** Takes back what was answered about `autoStart`. */
  forgetAnswers: 'localBackends.forgetAnswers',
  /** What runs in all folders of the user. */
  showAll: 'localBackends.showAll',
  /** Status bar click: quick pick of backends with actions. */
  pick: 'localBackends.pick',
} as const;

export const settingIds = {
  idleTimeout: 'localBackends.idleTimeout',
  reconnectGrace: 'localBackends.reconnectGrace',
  maxConcurrentStarts: 'localBackends.maxConcurrentStarts',
  brokerRunsIn: 'localBackends.broker.runsIn',
  statusBarCountdown: 'localBackends.statusBar.countdown',
  keepProcesses: 'localBackends.keepProcesses',
} as const;

/** Defaults of the settings; package.json must say the same. */
export const settingDefaults = {
  [settingIds.idleTimeout]: 'auto',
  [settingIds.reconnectGrace]: '30s',
  [settingIds.maxConcurrentStarts]: 0,
  [settingIds.brokerRunsIn]: 'ownProcess',
  [settingIds.statusBarCountdown]: true,
  [settingIds.keepProcesses]: ['default'] as readonly string[],
} as const;

export const contextKeys = {
  hasBackends: 'localBackends.hasBackends',
  anyRunning: 'localBackends.anyRunning',
  anyStartable: 'localBackends.anyStartable',
  hasConfig: 'localBackends.hasConfig',
} as const;
