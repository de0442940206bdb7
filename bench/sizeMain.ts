import { measureSize } from './measures/size';
import { runBench } from './support/runBench';

runBench({ size: measureSize });
