import { join } from 'node:path';

/** Where package.json lies, seen from `out/test/support`. */
export const repositoryRoot = join(__dirname, '..', '..', '..');
