import { whyAwake } from '../../model/whyAwake';
import type { BackendStore } from '../backendStore';
import { timeOfDay } from '../timeOfDay';
import type { DetailsSource } from '../tree/rowTooltip';
import { detailsDocument } from './detailsDocument';

/** What there is to say about a backend, asked of the broker at that moment. */
export class DetailsTexts {
  constructor(
    private readonly store: BackendStore,
    private readonly detailsOf: DetailsSource,
  ) {}

  /** As Markdown. */
  async document(key: string): Promise<string> {
    const details = await this.detailsOf(key);
    const view = this.store.get(key);
    return view === undefined
      ? 'This backend is not declared any more.\n'
      : detailsDocument(view, details, this.store.wallMs);
  }

  /** Why it is awake, or not, as plain text. */
  async explain(key: string): Promise<string> {
    const details = await this.detailsOf(key);
    const view = this.store.get(key);
    if (view === undefined) return '';
    return whyAwake({ view, details, nowMs: this.store.wallMs, timeOfDay }).lines.join('\n');
  }
}
