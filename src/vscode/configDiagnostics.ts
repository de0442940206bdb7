import * as vscode from 'vscode';
import type { Disposable } from '../base/lifecycle';
import type { ConfigProblem, ConfigProblemSeverity } from '../config/problem';
import { TextPositions } from './textPosition';

const label = 'Local Backends';
const syntaxCode: ConfigProblem['code'] = 'syntax';

const severities: Record<ConfigProblemSeverity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

interface Shown {
  readonly diagnostics: readonly vscode.Diagnostic[];
  /** How many of them are left out because another one says the same. */
  hidden: number;
}

/** Shows what is wrong with the configuration files in the Problems panel, at its place in the text that was read. */
export class ConfigDiagnostics implements Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('localBackends');
  /** Files with a mistake of syntax: in an open editor VS Code finds that too. */
  private readonly broken = new Map<string, Shown>();
  private listening: Disposable | undefined;

  show(uri: vscode.Uri, text: string, problems: readonly ConfigProblem[]): void {
    if (problems.length === 0) {
      this.clear(uri);
      return;
    }
    const positions = new TextPositions(text);
    const at = (offset: number): vscode.Position => {
      const { line, character } = positions.at(offset);
      return new vscode.Position(line, character);
    };
    const diagnostics = problems.map(({ offset, length, message, severity, code }) => {
      const range = new vscode.Range(at(offset), at(offset + length));
      return labelled(new vscode.Diagnostic(range, message, severities[severity]), code);
    });
    this.broken.delete(uri.toString());
    this.collection.set(uri, diagnostics);
    if (!problems.some(({ code }) => code === syntaxCode)) return;
    this.broken.set(uri.toString(), { diagnostics, hidden: 0 });
    this.listening ??= vscode.languages.onDidChangeDiagnostics(({ uris }) =>
      uris.forEach((changed) => this.hideDoubles(changed)),
    );
    this.hideDoubles(uri);
  }

  /** One mistake is one entry: what VS Code says of the same line counts, for as long as it says so. */
  private hideDoubles(uri: vscode.Uri): void {
    const shown = this.broken.get(uri.toString());
    if (shown === undefined) return;
    const others = vscode.languages
      .getDiagnostics(uri)
      .filter(({ source, severity }) => source !== label && severity === vscode.DiagnosticSeverity.Error);
    const isSaid = ({ range }: vscode.Diagnostic): boolean =>
      others.some((other) => Math.abs(other.range.start.line - range.start.line) <= 1);
    const left = shown.diagnostics.filter((own) => own.code !== syntaxCode || !isSaid(own));
    const hidden = shown.diagnostics.length - left.length;
    if (hidden === shown.hidden) return;
    shown.hidden = hidden;
    this.collection.set(uri, left);
  }

  /** A file that could not be read at all. */
  showWholeFile(uri: vscode.Uri, message: string): void {
    this.broken.delete(uri.toString());
    const range = new vscode.Range(0, 0, 0, 0);
    this.collection.set(uri, [labelled(new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error))]);
  }

  clear(uri: vscode.Uri): void {
    this.broken.delete(uri.toString());
    this.collection.delete(uri);
  }

  /** Forgets files whose folder has left the workspace. */
  keepOnly(uris: readonly vscode.Uri[]): void {
    const kept = new Set(uris.map(String));
    const gone: vscode.Uri[] = [];
    this.collection.forEach((uri) => {
      if (!kept.has(uri.toString())) gone.push(uri);
    });
    for (const uri of gone) this.clear(uri);
  }

  dispose(): void {
    this.listening?.dispose();
    this.collection.dispose();
  }
}

function labelled(diagnostic: vscode.Diagnostic, code?: string): vscode.Diagnostic {
  diagnostic.source = label;
  if (code !== undefined) diagnostic.code = code;
  return diagnostic;
}
