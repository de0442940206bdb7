import { CancellationSource, type CancellationSignal } from '../base/cancellation';
import type { BackendDefinition } from '../model/backendDefinition';
import type { StartOrigin } from '../protocol/messages';

/** Who wants a backend up, and with which environment. */
export interface StartRequest {
  readonly origin: StartOrigin;
  readonly environment: Readonly<Record<string, string>>;
  /** Whether the window that asks trusts the folder. */
  readonly trusted: boolean;
  /** A free port is taken instead of the declared one. */
  readonly anotherPort?: boolean;
  /** What is run, where that was settled when it was asked for; default: the definition at the moment of the spawn. */
  readonly definition?: BackendDefinition;
  /** In words, for the timeline; default: what the origin says. */
  readonly cause?: string;
}

/** One start that may serve several callers; it is given up only when none of them wants it any more. */
export class StartInProgress {
  private readonly source = new CancellationSource();
  private wanting = 0;
  done: Promise<void> = Promise.resolve();

  get cancel(): CancellationSignal {
    return this.source;
  }

  /** Joins as a caller who may step back; answers how to step back, which tells whether that ends the start. */
  join(): () => boolean {
    this.wanting++;
    let joined = true;
    return () => {
      if (joined && --this.wanting === 0) this.source.cancel();
      joined = false;
      return this.source.cancelled;
    };
  }

  /** A person or a stop ends it for everybody. */
  abort(): void {
    this.source.cancel();
  }
}

/** Starts that nobody asked for by hand at this moment spend the spawn budget. */
export function spendsBudget(origin: StartOrigin): boolean {
  return origin === 'restartPolicy' || origin === 'wake';
}

/** The cause shown in the timeline. */
export function startCause(origin: StartOrigin): string {
  switch (origin) {
    case 'person':
      return 'started by you';
    case 'api':
      return 'started by another extension';
    case 'task':
      return 'started by a task';
    case 'autoStart':
      return 'started on opening the folder';
    case 'agent':
      return 'started by an agent';
    case 'restartPolicy':
      return 'started again after it ended by itself';
    case 'wake':
      return 'woken';
  }
}
