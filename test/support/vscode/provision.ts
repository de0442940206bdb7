import { join } from 'node:path';
import { downloadAndUnzipVSCode, SilentReporter } from '@vscode/test-electron';
import { cacheRoot } from './cachedFolder';
import { provisionServer, type VsCodeServerInstall } from './serverPackage';

export type VsCode =
  | { readonly kind: 'desktop'; readonly executable: string }
  | { readonly kind: 'server'; readonly install: VsCodeServerInstall };

export interface ProvisionOptions {
  readonly print: (line: string) => void;
  /** Which one to get; `any` prefers a desktop where a window can be shown. */
  readonly want: 'any' | 'desktop' | 'server';
}

const downloadStallMs = 10_000;

/** Gets a VS Code into the cache. Throws, in plain words, when the wanted one cannot be had. */
export async function provisionVsCode(options: ProvisionOptions): Promise<VsCode> {
  if (options.want === 'server') return await server(options);
  if (options.want === 'desktop') return await desktop(options);
  if (!canShowWindows()) return await server(options);
  try {
    return await desktop(options);
  } catch (error) {
    options.print(`  no desktop VS Code: ${error instanceof Error ? error.message : String(error)}`);
    options.print('  using the VS Code server from npm in a browser instead');
    return await server(options);
  }
}

function canShowWindows(): boolean {
  if (process.platform !== 'linux') return true;
  return (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '') !== '';
}

async function server(options: ProvisionOptions): Promise<VsCode> {
  return { kind: 'server', install: await provisionServer(options.print) };
}

async function desktop(options: ProvisionOptions): Promise<VsCode> {
  if (!canShowWindows())
    throw new Error('A desktop VS Code needs a display: neither DISPLAY nor WAYLAND_DISPLAY is set.');
  options.print('  looking for a desktop VS Code …');
  try {
    const executable = await downloadAndUnzipVSCode({
      cachePath: join(cacheRoot, 'desktop'),
      timeout: downloadStallMs,
      reporter: new SilentReporter(),
    });
    return { kind: 'desktop', executable };
  } catch (error) {
    throw new Error(`it could not be downloaded (${error instanceof Error ? error.message : String(error)})`, {
      cause: error,
    });
  }
}
