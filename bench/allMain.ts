/** `npm run bench` */
import { measureActivation } from './measures/activation';
import { measureRest } from './measures/rest';
import { measureSize } from './measures/size';
import { runBench } from './support/runBench';

runBench({ size: measureSize, activation: measureActivation, rest: measureRest });
