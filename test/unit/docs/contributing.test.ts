import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { buildImportGraph } from '../../support/borders/importGraph';
import { layerViolations } from '../../support/borders/rules';
import { readSourceTree } from '../../support/borders/sourceTree';
import { repositoryRoot } from '../../support/repositoryRoot';
import { ringNames } from '../../support/runner/ring';
import { renderStateDiagram } from '../../support/stateDiagram';
import { codesIn, fences, plainCode, readText, tableUnder } from './markdown';

const contributing = readText('CONTRIBUTING.md');
const diagrams = fences(contributing, 'mermaid');
const diagramOf = (kind: string): string => diagrams.find((text) => text.startsWith(kind)) ?? '';

/** `a[a.ts] --> b` → [`a`, `b`]. */
const arrows = [...diagramOf('flowchart').matchAll(/^ *(\w+)(?:\[[^\]]*\])? --> (\w+)/gm)].map(
  ([, from = '', to = '']) => [from, to] as const,
);
const layers = readdirSync(join(repositoryRoot, 'src')).map((name) => name.replace(/\.ts$/, ''));

/** `src/platform/net/x.ts` → `platform`, `src/ids` → `ids`. */
function layerOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.ts$/, '');
}

function reachable(from: string): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [from];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const [start, to] of arrows) {
      if (start !== next || found.has(to)) continue;
      found.add(to);
      pending.push(to);
    }
  }
  return found;
}

describe('CONTRIBUTING', () => {
  it('draws_the_states_as_the_transition_table_has_them', () => {
    assert.equal(diagramOf('stateDiagram'), renderStateDiagram());
  });

  it('draws_the_reload', () => {
    assert.match(diagramOf('sequenceDiagram'), /reload/);
  });

  it('draws_every_layer_of_the_source_and_no_other', () => {
    assert.deepEqual([...new Set(arrows.flat())].sort(), [...layers].sort());
  });

  it('draws_no_arrow_that_the_borders_forbid', () => {
    for (const [from, to] of arrows) {
      const files = new Map([
        [`src/${from}/a.ts`, `import '../${to}/b';`],
        [`src/${to}/b.ts`, ''],
      ]);
      assert.deepEqual(layerViolations(buildImportGraph(files)), []);
    }
  });

  it('draws_a_way_for_every_import_of_the_source', () => {
    const imports = [...readSourceTree(repositoryRoot)].flatMap(([path, text]) =>
      [...text.matchAll(/ from '(\.[^']+)'/g)].map(
        ([, to = '']) => [path, posix.join(posix.dirname(path), to)] as const,
      ),
    );
    const crossing = imports.map((ends) => ends.map(layerOf)).filter(([from, to]) => from !== to);
    assert.ok(crossing.length > 100, 'the imports were found');
    const missing = crossing
      .filter(([from = '', to = '']) => !reachable(from).has(to))
      .map((ends) => ends.join(' --> '));
    assert.deepEqual([...new Set(missing)], []);
  });

  it('lists_every_layer_in_the_layout', () => {
    const told = tableUnder(contributing, 'The layout').flatMap(([folder]) => codesIn(folder));
    const source = told.filter((path) => path.startsWith('src/')).map((path) => path.replace(/^src\/|\/$|\.ts$/g, ''));
    assert.deepEqual(source.sort(), [...layers].sort());
    assert.deepEqual(
      told.filter((path) => !existsSync(join(repositoryRoot, path))),
      [],
    );
  });

  it('lists_the_rings_in_their_order', () => {
    assert.deepEqual(
      tableUnder(contributing, 'Rings').map(([ring]) => plainCode(ring)),
      [...ringNames],
    );
  });

  it('names_only_files_that_are_there', () => {
    const paths = codesIn(contributing).filter((code) => /^(src|test|media|bench)\/[\w./-]+$/.test(code));
    assert.ok(paths.length > 20);
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(repositoryRoot, path))),
      [],
    );
  });

  it('names_only_scripts_that_are_there', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    const run = [...contributing.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? '');
    assert.deepEqual(
      run.filter((name) => scripts[name] === undefined),
      [],
    );
  });
});
