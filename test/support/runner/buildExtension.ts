import { join } from 'node:path';
import { runChildGroup } from './childGroup';

const buildTimeoutMs = 60_000;

/** The development bundles, as the extension host loads them from the repository. */
export async function buildExtension(where: { readonly root: string }): Promise<void> {
  const options = { cwd: where.root, env: process.env, killAfterMs: buildTimeoutMs, output: 'capture' as const };
  const result = await runChildGroup(process.execPath, [join(where.root, 'esbuild.config.mjs')], options);
  if (result.exitCode !== 0) throw new Error(`The extension does not build:\n${result.output}`);
}
