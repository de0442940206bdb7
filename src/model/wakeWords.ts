import { shownPort } from './rowText';
import type { BackendView } from './snapshot';

/** What wakes a backend that is asleep: `when somebody connects to port 3000`; undefined when it is not asleep. */
export function wakeWords(view: BackendView): string | undefined {
  if (view.state !== 'quiesced') return undefined;
  const port = shownPort(view);
  if (view.wakesOn === undefined || port === undefined) {
    return 'not by itself; start it, or what depends on it';
  }
  const what = view.wakesOn === 'connect' ? `connects to port ${port}` : `sends something to port ${port}`;
  return `when somebody ${what}, or when what depends on it is started`;
}
