import type { BackendKey } from '../../model/backendDefinition';
import type { BackendStore } from '../backendStore';
import { troubleLabel } from '../fileTrouble';
import { BackendNode, FolderNode, TroubleNode, type TreeNode } from './nodes';
import type { Troubles } from './troubles';

/** The rows of the tree, the same objects for as long as they exist. */
export class TreeModel {
  private readonly backends = new Map<BackendKey, BackendNode>();
  private readonly folders = new Map<string, FolderNode>();

  constructor(
    private readonly store: BackendStore,
    private readonly troubles: Pick<Troubles, 'troubles' | 'folderCount'>,
  ) {}

  /** Files that cannot be read; then backends, or the folders they are in when there are several. */
  roots(): TreeNode[] {
    const { troubles, folderCount } = this.troubles;
    const unread = troubles.map((trouble) => new TroubleNode(trouble, troubleLabel(trouble, folderCount)));
    const folders = this.foldersWithBackends();
    return [...unread, ...(folders.length > 1 ? folders : this.backendsIn(undefined))];
  }

  children(folder: FolderNode): BackendNode[] {
    return this.backendsIn(folder.path);
  }

  parentOf(node: TreeNode): FolderNode | undefined {
    if (node.kind !== 'backend' || this.foldersWithBackends().length < 2) return undefined;
    return this.folders.get(node.folderPath);
  }

  node(key: BackendKey): BackendNode | undefined {
    return this.backends.get(key);
  }

  private backendsIn(folderPath: string | undefined): BackendNode[] {
    const views = this.store.views().filter((view) => folderPath === undefined || view.folderPath === folderPath);
    const nodes = views.map((view) => {
      const node = this.backends.get(view.key) ?? new BackendNode(view.key, view.name, view.folderPath);
      this.backends.set(view.key, node);
      return node;
    });
    for (const key of this.backends.keys()) if (this.store.get(key) === undefined) this.backends.delete(key);
    return nodes;
  }

  private foldersWithBackends(): FolderNode[] {
    const names = new Map(this.store.views().map((view) => [view.folderPath, view.folder]));
    for (const path of this.folders.keys()) if (!names.has(path)) this.folders.delete(path);
    for (const [path, name] of names) {
      if (this.folders.get(path)?.name !== name) this.folders.set(path, new FolderNode(path, name));
    }
    return [...names.keys()].flatMap((path) => this.folders.get(path) ?? []);
  }
}
