import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/** Every module name a file mentions: values, types, re-exports, `import()` and `require`, in source order. */
export function importedNames(fileName: string, text: string): readonly string[] {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const names: string[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (node !== undefined && ts.isStringLiteralLike(node)) names.push(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    if (ts.isExternalModuleReference(node)) add(node.expression);
    if (ts.isCallExpression(node) && isModuleCall(node.expression)) add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

function isModuleCall(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

export interface ImportGraph {
  /** Path from the root, with `/`: the files it imports, by their paths. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** Path: package and Node module names it imports, without a `node:` in front. */
  readonly externals: ReadonlyMap<string, readonly string[]>;
  /** Relative imports that lead to no file. */
  readonly dangling: readonly string[];
}

/** Builds the graph of a tree given as path → source text. */
export function buildImportGraph(sources: ReadonlyMap<string, string>): ImportGraph {
  const files = new Map<string, string[]>();
  const externals = new Map<string, string[]>();
  const dangling: string[] = [];
  for (const [path, text] of sources) {
    const internal: string[] = [];
    const external: string[] = [];
    for (const name of importedNames(path, text)) {
      if (!name.startsWith('.')) {
        external.push(name.replace(/^node:/, ''));
        continue;
      }
      const target = `${join(dirname(path), name)}.ts`;
      if (sources.has(target)) internal.push(target);
      else dangling.push(`${path} imports ${name}, which is no source file`);
    }
    files.set(path, internal);
    externals.set(path, external);
  }
  return { files, externals, dangling };
}
