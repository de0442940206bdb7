/** The lint check `borders`: prints every violation and fails when there is one. */
import { join } from 'node:path';
import { buildImportGraph } from './importGraph';
import { allViolations } from './rules';
import { readSourceTree } from './sourceTree';

const violations = allViolations(buildImportGraph(readSourceTree(join(__dirname, '..', '..', '..', '..'))));
for (const violation of violations) console.log(violation);
process.exitCode = violations.length === 0 ? 0 : 1;
