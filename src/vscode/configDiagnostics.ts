import * as vscode from 'vscode';
import type { Disposable } from '../base/lifecycle';
import type { ConfigProblem, ConfigProblemSeverity } from '../config/problem';
import { TextPositions } from './textPosition';

const severities: Record<ConfigProblemSeverity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** Shows what is wrong with the configuration files in the Problems panel, at its place in the text that was read. */
export class ConfigDiagnostics implements Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('localBackends');

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
    this.collection.set(
      uri,
      problems.map(({ offset, length, message, severity, code }) => {
        const range = new vscode.Range(at(offset), at(offset + length));
        return labelled(new vscode.Diagnostic(range, message, severities[severity]), code);
      }),
    );
  }

  /** A file that could not be read at all. */
  showWholeFile(uri: vscode.Uri, message: string): void {
    const range = new vscode.Range(0, 0, 0, 0);
    this.collection.set(uri, [labelled(new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error))]);
  }

  clear(uri: vscode.Uri): void {
    this.collection.delete(uri);
  }

  /** Forgets files whose folder has left the workspace. */
  keepOnly(uris: readonly vscode.Uri[]): void {
    const kept = new Set(uris.map(String));
    const gone: vscode.Uri[] = [];
    this.collection.forEach((uri) => {
      if (!kept.has(uri.toString())) gone.push(uri);
    });
    for (const uri of gone) this.collection.delete(uri);
  }

  dispose(): void {
    this.collection.dispose();
  }
}

function labelled(diagnostic: vscode.Diagnostic, code?: string): vscode.Diagnostic {
  diagnostic.source = 'Local Backends';
  if (code !== undefined) diagnostic.code = code;
  return diagnostic;
}
