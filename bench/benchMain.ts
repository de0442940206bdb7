/** `npm run bench`: everything that is measured, by the name it is asked for with. */
import { measureActivation } from './measures/activation';
import { measureAdoption } from './measures/adoption';
import { measureFlood } from './measures/flood';
import { measureGatewayCost, measureGatewayFire, measureGatewayMemory, measureGatewayWake } from './measures/gateway';
import { measureIdleDetection } from './measures/idleDetection';
import { measureIdleRaces } from './measures/idleRaces';
import { measureIdleStalls } from './measures/idleStalls';
import { measureLogs } from './measures/logs';
import { measureReadiness } from './measures/readiness';
import { measureRest } from './measures/rest';
import { measureShapes } from './measures/shapes';
import { measureSize } from './measures/size';
import { measureSoak } from './measures/soak';
import { runBench } from './support/runBench';

runBench({
  size: measureSize,
  activation: measureActivation,
  rest: measureRest,
  readiness: measureReadiness,
  adoption: measureAdoption,
  'gateway.cost': measureGatewayCost,
  'gateway.wake': measureGatewayWake,
  'gateway.fire': measureGatewayFire,
  'gateway.memory': measureGatewayMemory,
  idleDetection: measureIdleDetection,
  idleStalls: measureIdleStalls,
  idleRaces: measureIdleRaces,
  logs: measureLogs,
  flood: measureFlood,
  shapes: measureShapes,
  soak: measureSoak,
});
