import { createServer } from 'node:net';
import { join } from 'node:path';
import { buildVsix } from '../vsix';
import { installExtension, startVsCodeServer } from '../vscode/server';
import type { VsCodeServerInstall } from '../vscode/serverPackage';
import type { Session, SessionOptions } from './session';

/** A VS Code server with the packed extension: the URL is opened by the person, in any browser. */
export async function startWebSession(install: VsCodeServerInstall, options: SessionOptions): Promise<Session> {
  const isPortFree = await isFree(options.port);
  if (!isPortFree && options.portIsGiven) throw new Error(`--port ${options.port}: the port is taken.`);
  const dataDir = join(options.home, 'server');
  options.print('  packing the extension: bundles it and makes a VSIX of it, which takes up to a minute …');
  const vsix = options.vsix ?? (await buildVsix()).path;
  options.print('  installing it …');
  await installExtension(install, dataDir, vsix);
  const port = isPortFree ? options.port : 0;
  const server = await startVsCodeServer({ install, dataDir, port, workspaceTrust: options.workspaceTrust });
  const url = `${server.url}/?folder=${encodeURIComponent(options.workspace).replaceAll('%2F', '/')}`;
  options.print(`\nVS Code with Local Backends listens on loopback. Open in a browser:\n\n${url}\n`);
  return { ended: server.exited, stop: () => server.stop() };
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return await new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
