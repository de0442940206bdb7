import type { BackendState } from './backendState';
import { isAtRest } from './rowText';
import type { BackendView } from './snapshot';

export interface RowIcon {
  /** Codicon id, for instance `pass-filled` or `loading~spin`. */
  readonly icon: string;
  /** Theme colour id; undefined: the colour of the text. */
  readonly color?: string;
}

const iconByState: Readonly<Record<BackendState, RowIcon>> = {
  stopped: { icon: 'circle-outline' },
  waiting: { icon: 'watch', color: 'charts.yellow' },
  // The only one that spins: each visible spinner keeps the renderer and the GPU process awake.
  starting: { icon: 'loading~spin', color: 'charts.yellow' },
  ready: { icon: 'pass-filled', color: 'testing.iconPassed' },
  draining: { icon: 'arrow-down', color: 'charts.yellow' },
  quiesced: { icon: 'debug-pause', color: 'charts.blue' },
  stopping: { icon: 'debug-stop', color: 'charts.yellow' },
  failed: { icon: 'error', color: 'testing.iconFailed' },
};

export function rowIcon(view: Pick<BackendView, 'state' | 'problem' | 'oneShot' | 'notAnswering'>): RowIcon {
  if (view.problem !== undefined && isAtRest(view.state)) {
    return { icon: 'warning', color: 'problemsWarningIcon.foreground' };
  }
  if (view.oneShot && view.state === 'ready') return { icon: 'pass', color: 'testing.iconPassed' };
  if (view.notAnswering !== undefined && view.state === 'ready') {
    return { icon: 'warning', color: 'problemsWarningIcon.foreground' };
  }
  return iconByState[view.state];
}
