import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle';
import type { BackendStore } from '../backendStore';
import type { DetailsSource } from '../tree/rowTooltip';
import { whyAwake } from '../../model/whyAwake';
import { timeOfDay } from '../timeOfDay';
import { detailsDocument } from './detailsDocument';

const scheme = 'local-backends-details';

/** Shows the details of a backend as a read-only document in the Markdown preview; it follows the backend. */
export class DetailsView implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new vscode.EventEmitter<vscode.Uri>());

  constructor(
    private readonly store: BackendStore,
    private readonly detailsOf: DetailsSource,
  ) {
    const provider: vscode.TextDocumentContentProvider = {
      onDidChange: this.changes.event,
      provideTextDocumentContent: (uri) => this.content(uri),
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

  /** Why it is awake, or not, as plain text. */
  async explain(key: string): Promise<string> {
    const details = await this.detailsOf(key);
    const view = this.store.get(key);
    if (view === undefined) return '';
    return whyAwake({ view, details, nowMs: this.store.wallMs, timeOfDay }).lines.join('\n');
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async content(uri: vscode.Uri): Promise<string> {
    const details = await this.detailsOf(uri.query);
    const view = this.store.get(uri.query);
    return view === undefined
      ? 'This backend is not declared any more.\n'
      : detailsDocument(view, details, this.store.wallMs);
  }

  private refreshOpen(keys: readonly string[]): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === scheme && keys.includes(uri.query)) this.changes.fire(uri);
    }
  }
}
