import type { Event } from '../../base/event';
import type { FileTrouble } from '../fileTrouble';

/** The configuration files that cannot be read now. */
export interface Troubles {
  readonly troubles: readonly FileTrouble[];
  /** How many folders are open. */
  readonly folderCount: number;
  readonly onDidChangeTroubles: Event<void>;
}
