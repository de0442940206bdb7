import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/lifecycle';
import { viewId } from '../../ids';
import type { BackendKey } from '../../model/backendDefinition';
import { readyCount } from '../../model/statusPresentation';
import type { BackendStore } from '../backendStore';
import type { FolderNode, TreeNode } from './nodes';
import { RefreshScheduler, type Refresh } from './refreshScheduler';
import { RowTicker } from './rowTicker';
import { TreeModel } from './treeModel';
import { backendItem, folderItem, rowSignature, troubleItem } from './treeItems';
import type { Troubles } from './troubles';
import { ViewHeader } from './viewHeader';

/** The tree view: one row a backend, refreshed row by row and only while somebody can see it. */
export class BackendsTreeView implements Disposable, vscode.TreeDataProvider<TreeNode> {
  private readonly owned = new DisposableStore();
  private readonly model: TreeModel;
  private readonly treeChanges = this.owned.add(new vscode.EventEmitter<TreeNode[] | undefined>());
  private readonly view: vscode.TreeView<TreeNode>;
  private readonly ticker: RowTicker;

  readonly onDidChangeTreeData = this.treeChanges.event;

  constructor(
    private readonly store: BackendStore,
    troubles: Troubles,
    clock: Clock,
    /** What the pointer shows over a row. */
    private readonly tooltipOf: (key: BackendKey) => Promise<vscode.MarkdownString | undefined>,
  ) {
    this.model = new TreeModel(store, troubles);
    const options = { treeDataProvider: this, showCollapseAll: false, canSelectMany: true };
    this.view = this.owned.add(vscode.window.createTreeView<TreeNode>(viewId, options));
    const scheduler = this.owned.add(new RefreshScheduler<TreeNode>(clock, (refresh) => this.fire(refresh)));
    this.ticker = this.owned.add(
      new RowTicker(store, clock, rowSignature, (keys) => {
        scheduler.rowsChanged(keys.flatMap((key) => this.model.node(key) ?? []));
      }),
    );
    const header = this.owned.add(new ViewHeader(this.view, store, clock));
    const visibility = (): void => {
      scheduler.setVisible(this.view.visible);
      this.ticker.setVisible(this.view.visible);
      header.setSeen(this.view.visible && vscode.window.state.focused);
    };
    this.owned.add(this.view.onDidChangeVisibility(visibility));
    this.owned.add(vscode.window.onDidChangeWindowState(visibility));
    this.owned.add(
      store.onDidChange((change) => {
        if (change.structure) scheduler.structureChanged();
        this.updateBadge();
      }),
    );
    this.owned.add(troubles.onDidChangeTroubles(() => scheduler.structureChanged()));
    visibility();
    this.updateBadge();
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    if (node.kind === 'trouble') return troubleItem(node);
    if (node.kind === 'folder') return folderItem(node);
    const aged = this.store.agedView(node.key);
    if (aged !== undefined) this.ticker.rendered(node.key, rowSignature(aged));
    return backendItem(node, aged);
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node === undefined) return this.model.roots();
    return node.kind === 'folder' ? this.model.children(node) : [];
  }

  getParent(node: TreeNode): FolderNode | undefined {
    return this.model.parentOf(node);
  }

  async resolveTreeItem(item: vscode.TreeItem, node: TreeNode): Promise<vscode.TreeItem> {
    if (node.kind === 'backend') item.tooltip = await this.tooltipOf(node.key);
    return item;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private fire(refresh: Refresh<TreeNode>): void {
    this.treeChanges.fire(refresh === 'everything' ? undefined : [...refresh]);
  }

  private updateBadge(): void {
    const views = this.store.views();
    const value = readyCount(views);
    const tooltip = `${value} of ${views.length} backends ready`;
    const shown = this.view.badge;
    if (value === (shown?.value ?? 0) && (shown === undefined || shown.tooltip === tooltip)) return;
    this.view.badge = value === 0 ? undefined : { value, tooltip };
  }
}
