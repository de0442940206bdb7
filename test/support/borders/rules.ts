/** The borders of the source tree, as a table, and the checks that hold a graph against it. */
import type { ImportGraph } from './importGraph';

/** Everything that may be imported by a layer, besides itself. A folder that is not in the table is an error. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  model: [],
  config: ['model'],
  importers: ['config', 'model'],
  platform: ['base'],
  probes: ['base', 'model', 'platform'],
  activity: ['base', 'model', 'platform'],
  runners: ['base', 'model', 'platform'],
  gateway: ['base', 'model', 'platform'],
  protocol: ['base', 'model'],
  broker: ['base', 'model', 'config', 'importers', 'platform', 'probes', 'activity', 'runners', 'gateway', 'protocol'],
  tools: ['protocol', 'model', 'base'],
  vscode: ['base', 'model', 'config', 'importers', 'platform', 'activity', 'protocol', 'tools', 'ids', 'api'],
  extension: [
    'base',
    'model',
    'config',
    'importers',
    'platform',
    'activity',
    'protocol',
    'tools',
    'vscode',
    'ids',
    'api',
  ],
  webview: [],
  ids: [],
  api: ['model'],
};

/** These speak to nothing outside the language. */
const pureLayers = ['base', 'model'];

const socketModules = ['net', 'http', 'https', 'http2', 'tls', 'dgram'];
const socketLayers = ['platform', 'gateway', 'protocol'];

/** Where the bundles begin. */
export const entryFiles = ['src/extension.ts', 'src/broker/brokerMain.ts'];
const entryFolders = ['src/webview/'];

/** `src/platform/net/x.ts` → `platform`, `src/ids.ts` → `ids`. */
function layerOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.ts$/, '');
}

export function layerViolations(graph: ImportGraph): string[] {
  return [...graph.files].flatMap(([path, imports]) => {
    const layer = layerOf(path);
    const allowed = mayImport[layer];
    if (allowed === undefined) return [`${path} lies in no known layer`];
    return imports
      .filter((target) => layerOf(target) !== layer && !allowed.includes(layerOf(target)))
      .map((target) => `${path} may not import ${target}: ${layer} ← ${allowed.join(', ') || 'nothing'}`);
  });
}

export function externalViolations(graph: ImportGraph): string[] {
  return [...graph.externals].flatMap(([path, names]) =>
    names.flatMap((name) => {
      const reason = whyForbidden(path, name);
      return reason === undefined ? [] : [`${path} may not import ${name}: ${reason}`];
    }),
  );
}

function whyForbidden(path: string, name: string): string | undefined {
  const layer = layerOf(path);
  if (pureLayers.includes(layer)) return `${layer} is pure`;
  if (name === 'vscode' && layer !== 'vscode' && layer !== 'extension')
    return 'only src/vscode and src/extension.ts may';
  if (name === 'child_process' && !path.startsWith('src/platform/process/')) return 'only src/platform/process may';
  if (socketModules.includes(name) && !socketLayers.includes(layer)) return `only ${socketLayers.join(', ')} may`;
  return undefined;
}

/** Each cycle once, as the path that closes it. */
export function importCycles(graph: ImportGraph): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const target of graph.files.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.files.keys()) visit(path, []);
  return cycles;
}

/** What no bundle contains is not shipped and has no business here. */
export function unreachableFiles(graph: ImportGraph): string[] {
  const isEntry = (path: string): boolean =>
    entryFiles.includes(path) || entryFolders.some((folder) => path.startsWith(folder));
  const pending = [...graph.files.keys()].filter(isEntry);
  const reached = new Set(pending);
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    for (const target of graph.files.get(path) ?? []) {
      if (!reached.has(target)) pending.push(target);
      reached.add(target);
    }
  }
  return [...graph.files.keys()].filter((path) => !reached.has(path)).map((path) => `${path} is reached from no entry`);
}

export function allViolations(graph: ImportGraph): string[] {
  return [
    ...graph.dangling,
    ...layerViolations(graph),
    ...externalViolations(graph),
    ...importCycles(graph),
    ...unreachableFiles(graph),
  ];
}
