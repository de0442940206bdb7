import { measureRest } from './measures/rest';
import { runBench } from './support/runBench';

runBench({ rest: measureRest });
