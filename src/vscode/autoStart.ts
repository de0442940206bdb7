import type { BackendDefinition, BackendKey, FolderDefinition } from '../model/backendDefinition';
import { backendKey } from '../model/backendDefinition';
import { shownName } from '../model/statusPresentation';
import { plainText } from '../model/plainText';
import { failureOf } from './failureOf';
import type { BackendActions } from './backendActions';
import type { BackendStore } from './backendStore';
import type { ConsentAnswer, ConsentMemory } from './consentMemory';
import { consentQuestion } from './consentQuestion';
import { consentSubject, startsTogether, type FileDigest, type RealPath } from './consentSubject';
import type { FailureMessages } from './failureMessages';
import { longestFirst } from './longestFirst';
import type { StartReport } from './startReport';

/** A backend that would start by itself, with the fingerprint of what would run. */
interface Candidate {
  readonly key: BackendKey;
  readonly folder: FolderDefinition;
  readonly definition: BackendDefinition;
  readonly fingerprint: string;
}

/** An answer that still counts. */
export interface AnsweredStart {
  readonly name: string;
  readonly answer: ConsentAnswer;
  readonly fingerprint: string;
}

export interface AutoStartPorts {
  readonly store: Pick<BackendStore, 'get' | 'views' | 'isKnownToBroker' | 'definition'>;
  readonly actions: Pick<BackendActions, 'start'>;
  readonly consent: ConsentMemory;
  readonly failures: Pick<FailureMessages, 'show'>;
  readonly report: Pick<StartReport, 'begin'>;
  readonly refreshConfig: () => Promise<void>;
  readonly environment: () => Readonly<Record<string, string>>;
  readonly digest: FileDigest;
  readonly realPath: RealPath;
  /** Not modal; undefined when the question was dismissed. */
  readonly ask: (question: string, ...answers: readonly string[]) => Thenable<string | undefined>;
  readonly showConfiguration: (key: BackendKey) => Thenable<unknown>;
  readonly log: (message: string) => void;
}

/**
 * Starts what says `autoStart` when a workspace is opened, only after the person agreed once to exactly what would
 * run: the backend and all it depends on. What is different by the time it starts is asked about again.
 */
export class AutoStart {
  constructor(private readonly ports: AutoStartPorts) {}

  /** `openedAtWallMs`: what the broker has known for longer is left as it is; this is a reload then. */
  async run(folders: readonly FolderDefinition[], openedAtWallMs: number): Promise<void> {
    const found = await Promise.all(
      folders.flatMap(({ path, backends }) => {
        const keys = backends.map(({ name }) => backendKey(path, name));
        return keys.filter((key) => this.isNew(key, openedAtWallMs)).map((key) => this.candidate(key));
      }),
    );
    const candidates = found.filter((candidate) => candidate !== undefined);
    const answered = (answer: 'allowed' | undefined): readonly Candidate[] => {
      return candidates.filter(({ fingerprint }) => this.ports.consent.answer(fingerprint) === answer);
    };
    this.ask(answered(undefined));
    await this.start(answered('allowed'));
  }

  /** Those of this window that were answered about as they are now. */
  async answeredStarts(): Promise<readonly AnsweredStart[]> {
    const views = this.ports.store.views();
    const wanting = await Promise.all(views.map(({ key }) => this.wanting(key)));
    return wanting.flatMap((candidate) => {
      const answer = candidate && this.ports.consent.answer(candidate.fingerprint);
      if (candidate === undefined || answer === undefined) return [];
      const view = views.find(({ key }) => key === candidate.key);
      const name = view === undefined ? candidate.definition.name : shownName(view, views);
      return [{ name, answer, fingerprint: candidate.fingerprint }];
    });
  }

  private isNew(key: BackendKey, openedAtWallMs: number): boolean {
    const { store } = this.ports;
    return !(store.isKnownToBroker(key) && (store.get(key)?.stateSince ?? 0) < openedAtWallMs);
  }

  private async candidate(key: BackendKey): Promise<Candidate | undefined> {
    return this.ports.store.get(key)?.state === 'stopped' ? this.wanting(key) : undefined;
  }

  /** One that says `autoStart` and could be started, whatever its state is. */
  private async wanting(key: BackendKey): Promise<Candidate | undefined> {
    const { store, consent, environment, digest, realPath, log } = this.ports;
    const found = store.definition(key);
    if (found === undefined) return undefined;
    const { folder, definition } = found;
    if (!folder.trusted || !definition.autoStart || definition.problem !== undefined) return undefined;
    const subject = await consentSubject(folder, definition.name, environment(), digest, realPath);
    if (subject === undefined) {
      log(
        `${plainText(definition.name)} does not start by itself: the name of its folder or of an env file is known only at its start`,
      );
      return undefined;
    }
    return { key, folder, definition, fingerprint: await consent.fingerprint(subject) };
  }

  /** Not awaited: opening a folder must not wait for an answer. A dismissed question comes again next time. */
  private ask(candidates: readonly Candidate[]): void {
    if (candidates.length === 0) return;
    const question = consentQuestion(
      candidates.map(({ folder, definition }) => startsTogether(folder, definition.name)),
    );
    if (!question.whole && candidates.length > 1) {
      for (const candidate of candidates) this.ask([candidate]);
      return;
    }
    // Nobody can agree to what is cut off: the file is shown first, and then asked about.
    const allow = question.whole ? ['Allow'] : [];
    void this.ports
      .ask(question.text, ...allow, 'Never', 'Show Configuration')
      .then((answer) => this.answered(candidates, answer));
  }

  private askBesideFile(candidates: readonly Candidate[]): void {
    const names = candidates.map(({ definition }) => plainText(definition.name)).join(', ');
    void this.ports
      .ask(`Start ${names} whenever this workspace is opened, as backends.json says it now?`, 'Allow', 'Never')
      .then((answer) => this.answered(candidates, answer));
  }

  private async answered(candidates: readonly Candidate[], answer: string | undefined): Promise<void> {
    const fingerprints = candidates.map(({ fingerprint }) => fingerprint);
    if (answer === 'Never') await this.ports.consent.remember(fingerprints, 'denied');
    if (answer === 'Show Configuration') await this.showConfiguration(candidates);
    if (answer === 'Allow') await this.allow(candidates);
  }

  private async showConfiguration(candidates: readonly Candidate[]): Promise<void> {
    const [first] = candidates;
    if (first === undefined) return;
    await this.ports.showConfiguration(first.key);
    const same = await this.unchanged(candidates);
    if (same.length > 0) this.askBesideFile(same);
  }

  /** The answer may come hours after the question: it counts only for what was asked about. */
  private async allow(candidates: readonly Candidate[]): Promise<void> {
    const same = await this.unchanged(candidates);
    const fingerprints = same.map(({ fingerprint }) => fingerprint);
    await this.ports.consent.remember(fingerprints, 'allowed');
    await this.start(same);
  }

  /** Those that would still run as they were asked about; the others are asked about again. */
  private async unchanged(candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
    await this.ports.refreshConfig();
    const now = await Promise.all(candidates.map(({ key }) => this.candidate(key)));
    const isSame = (candidate: Candidate | undefined, index: number): boolean => {
      return candidate?.fingerprint === candidates[index]?.fingerprint;
    };
    this.ask(now.filter((candidate, index) => !isSame(candidate, index)).filter((each) => each !== undefined));
    return candidates.filter((_, index) => isSame(now[index], index));
  }

  private async start(candidates: readonly Candidate[]): Promise<void> {
    const views = longestFirst(
      this.ports.store,
      candidates.flatMap(({ key }) => this.ports.store.get(key) ?? []),
    );
    const place = new Map(views.map(({ key }, index) => [key, index]));
    const ordered = [...candidates].sort((a, b) => (place.get(a.key) ?? 0) - (place.get(b.key) ?? 0));
    const tell = this.ports.report.begin(views);
    const results = await Promise.all(
      ordered.map(async ({ key, fingerprint }) => {
        let changed: Candidate | undefined;
        // Looked at after the last reading of the files: what the broker has then is what was agreed to.
        const isAgreed = async (): Promise<boolean> => {
          const now = await this.candidate(key);
          if (now?.fingerprint === fingerprint) return true;
          changed = now;
          return false;
        };
        try {
          await this.ports.actions.start(key, 'autoStart', isAgreed);
          return undefined;
        } catch (error) {
          if (changed !== undefined) this.ask([changed]);
          const { failure } = failureOf(error);
          const view = this.ports.store.get(key);
          return view === undefined ? { failure } : { failure, view };
        }
      }),
    );
    const failed = results.filter((result) => result !== undefined);
    tell(new Map(failed.map(({ view, failure }) => [view?.key ?? '', failure])));
    this.ports.failures.show(failed);
  }
}
