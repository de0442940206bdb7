import type { ConnectionSensor } from '../activity/connectionSensor';
import type { CpuSensor } from '../activity/cpuSensor';

/** What is looked at to tell whether a backend is in use. */
export interface Sensors {
  readonly connections: ConnectionSensor;
  readonly cpu: CpuSensor;
}
