import type { BackendKey } from '../../model/backendDefinition';
import type { FileTrouble } from '../fileTrouble';

/** A row of the tree. The same object as long as the row exists, so that the tree keeps selection and hover. */
export class BackendNode {
  readonly kind = 'backend';

  constructor(
    readonly key: BackendKey,
    readonly name: string,
    readonly folderPath: string,
  ) {}
}

/** A workspace folder; shown only where several folders have backends. */
export class FolderNode {
  readonly kind = 'folder';

  constructor(
    readonly path: string,
    readonly name: string,
  ) {}
}

/** A configuration file that cannot be read; above all others, as long as it is so. */
export class TroubleNode {
  readonly kind = 'trouble';

  constructor(
    readonly trouble: FileTrouble,
    readonly label: string,
  ) {}
}

export type TreeNode = BackendNode | FolderNode | TroubleNode;
