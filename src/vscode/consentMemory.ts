import { createHmac, randomBytes } from 'node:crypto';

/** The part of a Memento that is needed; on its own so that this can be tested without VS Code. */
export interface KeyValueMemory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

export type ConsentAnswer = 'allowed' | 'denied';

type Remembered = readonly [fingerprint: string, answer: ConsentAnswer];

const secretKey = 'consent.key';
const answersKey = 'consent.answers';
/** The oldest answers are forgotten beyond this. */
const maxAnswers = 500;

/**
 * Remembers which commands may start without being asked for. Only keyed hashes are kept, outside of the
 * workspace: neither the command nor a value of its environment can be read from them or guessed.
 */
export class ConsentMemory {
  constructor(private readonly memory: KeyValueMemory) {}

  /** Of the text that says what would run; when that differs, so does the fingerprint, and the question comes again. */
  async fingerprint(subject: string): Promise<string> {
    return createHmac('sha256', await this.secret())
      .update(subject)
      .digest('hex');
  }

  answer(fingerprint: string): ConsentAnswer | undefined {
    return this.answers().find(([known]) => known === fingerprint)?.[1];
  }

  async remember(fingerprints: readonly string[], answer: ConsentAnswer): Promise<void> {
    const others = this.answers().filter(([known]) => !fingerprints.includes(known));
    const added = fingerprints.map((fingerprint) => [fingerprint, answer] as const);
    await this.memory.update(answersKey, [...others, ...added].slice(-maxAnswers));
  }

  /** How many answers are kept. */
  get count(): number {
    return this.answers().length;
  }

  async forget(fingerprints: readonly string[]): Promise<void> {
    await this.memory.update(
      answersKey,
      this.answers().filter(([known]) => !fingerprints.includes(known)),
    );
  }

  async forgetAll(): Promise<void> {
    await this.memory.update(answersKey, undefined);
  }

  private answers(): readonly Remembered[] {
    const kept = this.memory.get(answersKey);
    return Array.isArray(kept) ? kept.filter(isAnswer) : [];
  }

  private async secret(): Promise<string> {
    const known = this.memory.get(secretKey);
    if (typeof known === 'string') return known;
    const created = randomBytes(32).toString('hex');
    await this.memory.update(secretKey, created);
    return created;
  }
}

function isAnswer(value: unknown): value is Remembered {
  return Array.isArray(value) && typeof value[0] === 'string' && (value[1] === 'allowed' || value[1] === 'denied');
}
