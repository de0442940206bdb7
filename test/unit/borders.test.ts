import assert from 'node:assert/strict';
import { join } from 'node:path';
import { buildImportGraph } from '../support/borders/importGraph';
import {
  allViolations,
  externalViolations,
  importCycles,
  layerViolations,
  unreachableFiles,
} from '../support/borders/rules';
import { readSourceTree } from '../support/borders/sourceTree';

function graphOf(files: Readonly<Record<string, string>>): ReturnType<typeof buildImportGraph> {
  return buildImportGraph(new Map(Object.entries(files)));
}

describe('borders of the source tree', function () {
  // It parses every source file, on whatever else the machine does.
  this.timeout(30_000);
  it('are kept by every file, its types and its way to an entry', () => {
    const sources = readSourceTree(join(__dirname, '..', '..', '..'));
    assert.ok(sources.size > 10, 'the tree was found');
    assert.deepEqual(allViolations(buildImportGraph(sources)), []);
  });

  it('forbid an upward import, types counted', () => {
    for (const line of [
      "import type { A } from '../broker/a';",
      "import { a } from '../broker/a';",
      "export * from '../broker/a';",
      "export type X = import('../broker/a').A;",
      "export const load = () => import('../broker/a');",
    ]) {
      const graph = graphOf({ 'src/model/m.ts': line, 'src/broker/a.ts': '' });
      assert.equal(layerViolations(graph).length, 1, line);
    }
  });

  it('allow what the table names and a folder its own files', () => {
    const graph = graphOf({
      'src/probes/a.ts': "import '../model/m'; import './b';",
      'src/probes/b.ts': '',
      'src/model/m.ts': '',
    });
    assert.deepEqual(layerViolations(graph), []);
  });

  it('forbid a folder that the table does not know', () => {
    assert.equal(layerViolations(graphOf({ 'src/util/x.ts': '' })).length, 1);
  });

  it('keep vscode, child_process and sockets where they belong', () => {
    const forbidden = graphOf({
      'src/broker/a.ts': "import type * as vscode from 'vscode'; import 'node:child_process'; import 'net';",
      'src/model/m.ts': "import 'node:path';",
    });
    assert.equal(externalViolations(forbidden).length, 4);
    const allowed = graphOf({
      'src/vscode/tree/a.ts': "import * as vscode from 'vscode';",
      'src/platform/process/spawn.ts': "import { spawn } from 'node:child_process';",
      'src/gateway/server.ts': "import http from 'node:http';",
    });
    assert.deepEqual(externalViolations(allowed), []);
  });

  it('find a cycle that only types close', () => {
    const graph = graphOf({ 'src/base/a.ts': "import './b';", 'src/base/b.ts': "import type { A } from './a';" });
    assert.deepEqual(importCycles(graph), ['src/base/a.ts → src/base/b.ts → src/base/a.ts']);
  });

  it('find a file that no entry reaches', () => {
    const graph = graphOf({
      'src/extension.ts': "import './base/used';",
      'src/base/used.ts': '',
      'src/base/idle.ts': '',
    });
    assert.deepEqual(unreachableFiles(graph), ['src/base/idle.ts is reached from no entry']);
  });

  it('find an import that leads nowhere', () => {
    assert.equal(allViolations(graphOf({ 'src/extension.ts': "import './gone';" })).length, 1);
  });
});
