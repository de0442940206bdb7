import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle';
import type { BackendStore } from '../backendStore';

const scheme = 'local-backends-details';

/** Shows the details of a backend as a read-only document in the Markdown preview; it follows the backend. */
export class DetailsView implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new vscode.EventEmitter<vscode.Uri>());

  constructor(
    private readonly store: BackendStore,
    /** As Markdown. */
    documentOf: (key: string) => Promise<string>,
  ) {
    const provider: vscode.TextDocumentContentProvider = {
      onDidChange: this.changes.event,
      provideTextDocumentContent: (uri) => documentOf(uri.query),
    };
    this.owned.add(vscode.workspace.registerTextDocumentContentProvider(scheme, provider));
    this.owned.add(store.onDidChange(({ changed }) => this.refreshOpen(changed.map((view) => view.key))));
  }

  async show(key: string): Promise<void> {
    const view = this.store.get(key);
    if (view === undefined) return;
    const uri = vscode.Uri.from({ scheme, path: `/${view.name}.md`, query: key });
    this.changes.fire(uri);
    try {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    } catch {
      // The Markdown extension can be switched off: the source is readable too.
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    }
  }

  dispose(): void {
    this.owned.dispose();
  }

  private refreshOpen(keys: readonly string[]): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === scheme && keys.includes(uri.query)) this.changes.fire(uri);
    }
  }
}
