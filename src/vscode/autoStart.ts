import * as vscode from 'vscode';
import { commandIds } from '../ids';
import type { BackendDefinition, FolderDefinition } from '../model/backendDefinition';
import { backendKey } from '../model/backendDefinition';
import { plainText } from '../model/plainText';
import { failureOf } from './failureOf';
import type { BackendActions } from './backendActions';
import type { BackendStore } from './backendStore';
import type { ConsentMemory } from './consentMemory';
import type { FailureMessages } from './failureMessages';

interface Candidate {
  readonly key: string;
  readonly definition: BackendDefinition;
  readonly fingerprint: string;
}

/** Starts what says `autoStart` when a workspace is opened, each distinct command only after the person agreed once. */
export class AutoStart {
  constructor(
    private readonly store: BackendStore,
    private readonly actions: BackendActions,
    private readonly consent: ConsentMemory,
    private readonly failures: FailureMessages,
  ) {}

  /** `openedAtWallMs`: what the broker has known for longer is left as it is; this is a reload then. */
  async run(folders: readonly FolderDefinition[], openedAtWallMs: number): Promise<void> {
    const candidates = await this.candidates(folders, openedAtWallMs);
    const answered = (answer: 'allowed' | undefined): readonly Candidate[] => {
      return candidates.filter(({ fingerprint }) => this.consent.answer(fingerprint) === answer);
    };
    const unanswered = answered(undefined);
    if (unanswered.length > 0) this.ask(unanswered);
    await this.start(answered('allowed'));
  }

  private async candidates(
    folders: readonly FolderDefinition[],
    openedAtWallMs: number,
  ): Promise<readonly Candidate[]> {
    const found: Candidate[] = [];
    for (const { path, trusted, backends } of folders) {
      for (const definition of backends) {
        if (!trusted || !definition.autoStart || definition.problem !== undefined) continue;
        const key = backendKey(path, definition.name);
        const view = this.store.get(key);
        const managedBefore = this.store.isKnownToBroker(key) && (view?.stateSince ?? 0) < openedAtWallMs;
        if (view?.state !== 'stopped' || managedBefore) continue;
        found.push({ key, definition, fingerprint: await this.consent.fingerprint(path, definition) });
      }
    }
    return found;
  }

  /** Not modal and not awaited: opening a folder must not wait for an answer. A dismissed question comes again. */
  private ask(candidates: readonly Candidate[]): void {
    const commands = candidates.map(({ definition }) => `${plainText(definition.name)} (${commandText(definition)})`);
    const verb = candidates.length === 1 ? 'wants' : 'want';
    const message = `${commands.join(', ')} ${verb} to start whenever this workspace is opened.`;
    void vscode.window
      .showInformationMessage(message, 'Allow', 'Never', 'Show Configuration')
      .then((answer) => this.answered(candidates, answer));
  }

  private async answered(candidates: readonly Candidate[], answer: string | undefined): Promise<void> {
    const fingerprints = candidates.map(({ fingerprint }) => fingerprint);
    if (answer === 'Never') await this.consent.remember(fingerprints, 'denied');
    if (answer === 'Show Configuration') await vscode.commands.executeCommand(commandIds.openConfig);
    if (answer !== 'Allow') return;
    await this.consent.remember(fingerprints, 'allowed');
    await this.start(candidates);
  }

  private async start(candidates: readonly Candidate[]): Promise<void> {
    const results = await Promise.all(
      candidates.map(async ({ key }) => {
        try {
          await this.actions.start(key, 'autoStart');
          return undefined;
        } catch (error) {
          const { failure } = failureOf(error);
          const view = this.store.get(key);
          return view === undefined ? { failure } : { failure, view };
        }
      }),
    );
    this.failures.show(results.filter((result) => result !== undefined));
  }
}

function commandText({ command }: BackendDefinition): string {
  return plainText(typeof command === 'string' ? command : command.join(' '), 120);
}
