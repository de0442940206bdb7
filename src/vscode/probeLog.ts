import type { Logger } from '../base/logger';
import type { BackendKey } from '../model/backendDefinition';
import { probeText } from '../model/probeText';
import type { BackendView } from '../model/snapshot';

/** Of one start, at the level that is shown by default; what comes after that is told to whoever asks for more. */
export const mostLines = 40;

interface Told {
  readonly made: number;
  readonly saw: string;
  readonly lines: number;
}

/**
 * Tells the log why each probe of a start was made and what it saw. What saw the same as the one before is told
 * at the level `debug`: a start that takes long makes many probes and has little news.
 */
export class ProbeLog {
  private readonly told = new Map<BackendKey, Told>();

  constructor(private readonly logger: Logger) {}

  forget(key: BackendKey): void {
    this.told.delete(key);
  }

  look(name: string, { key, state, start }: BackendView): void {
    if (start === undefined) {
      this.told.delete(key);
      return;
    }
    const { probesMade, lastProbe } = start;
    const before = this.told.get(key);
    // A new start counts from one again. What this window did not see begin is an old story unless it still goes on.
    const fresh = { made: before === undefined && state !== 'starting' ? probesMade : 0, saw: '', lines: 0 };
    const told = before !== undefined && before.made <= probesMade ? before : fresh;
    if (lastProbe === undefined || told.made === probesMade) {
      this.told.set(key, told);
      return;
    }
    const news = lastProbe.saw !== told.saw && told.lines < mostLines;
    this.told.set(key, { made: probesMade, saw: lastProbe.saw, lines: told.lines + (news ? 1 : 0) });
    const missed = probesMade - told.made - 1;
    const more = missed > 0 ? ` (${missed} more just before)` : '';
    this.logger.log(news ? 'info' : 'debug', `${name}: ${probeText(lastProbe)}${more}`);
  }
}
