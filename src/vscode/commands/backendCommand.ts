import type { BackendView } from '../../model/snapshot';
import type { BackendActions } from '../backendActions';
import type { BackendStore } from '../backendStore';
import type { ConfigService } from '../configService';
import type { EarlyEnds } from '../earlyEnds';
import type { FailureMessages } from '../failureMessages';
import type { LogTerminals } from '../logTerminals';
import type { DetailsTexts } from '../details/detailsTexts';
import type { DetailsView } from '../details/detailsView';
import type { StartProgress } from '../progress';
import type { StartReport } from '../startReport';

/** What commands work with; composed once. */
export interface CommandPorts {
  readonly store: BackendStore;
  readonly actions: BackendActions;
  readonly config: ConfigService;
  readonly failures: FailureMessages;
  readonly earlyEnds: EarlyEnds;
  readonly logs: LogTerminals;
  readonly details: DetailsView;
  readonly texts: DetailsTexts;
  readonly progress: StartProgress;
  readonly report: StartReport;
}

export type Caller = 'person' | 'code';

/** A command that works on one backend, or on several selected rows. */
export interface BackendCommand {
  readonly id: string;
  /** Asked in the quick pick when no backend was named. */
  readonly question: string;
  /** The backends to offer. */
  readonly fits: (view: BackendView) => boolean;
  /** Said when none fits. */
  readonly noneFits: string;
  /**
   * Settles when the thing is done; rejects with a BackendFailure.
   * `option` is the command's second argument when code called it.
   */
  run(views: readonly BackendView[], caller: Caller, option?: unknown): Promise<unknown>;
}
