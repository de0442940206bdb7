import { measureActivation } from './measures/activation';
import { runBench } from './support/runBench';

runBench({ activation: measureActivation });
