/** `npm run package` */
import { buildVsix } from './vsix';

buildVsix().then(
  ({ path, bytes }) => console.log(`${path}: ${(bytes / 1024).toFixed(1)} KB`),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
