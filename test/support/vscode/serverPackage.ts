import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from './cachedFolder';
import { npmInstall } from './npmInstall';

/** A VS Code server with its web workbench, and the Node it runs on. */
export interface VsCodeServerInstall {
  readonly node: string;
  readonly serverMain: string;
}

const packageVersion = '4.139.1';
/** What that package's server is built for; our own tooling stays on the Node of the project. */
const nodeMajor = '24';

/** The npm-delivered VS Code: for machines without a display, or where no desktop build can be downloaded. */
export async function provisionServer(print: (line: string) => void): Promise<VsCodeServerInstall> {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new Error(
      `The npm-delivered VS Code server runs on Linux x64 and arm64, not on ${process.platform} ${process.arch}.`,
    );
  }
  const nodePackage = `node-linux-${process.arch}`;
  const name = `server-${packageVersion}-node${nodeMajor}-${process.arch}`;
  const folder = await cachedFolder(name, print, (temporary) => install(temporary, nodePackage, print));
  const found = {
    node: join(folder, 'node_modules', nodePackage, 'bin', 'node'),
    serverMain: join(serverFolder(folder), 'out', 'server-main.js'),
  };
  for (const file of Object.values(found)) {
    if (!existsSync(file)) throw new Error(`The cache is damaged: ${file} is missing. Remove ${folder} and run again.`);
  }
  return found;
}

function serverFolder(folder: string): string {
  return join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

async function install(folder: string, nodePackage: string, print: (line: string) => void): Promise<void> {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  await npmInstall({
    folder,
    title: 'fetching VS Code (about 800 MB unpacked, once)',
    args: [`code-server@${packageVersion}`, `${nodePackage}@${nodeMajor}`],
    print,
  });
  // The package brings its server's dependencies as a list; its own install script would compile them.
  await npmInstall({
    folder: serverFolder(folder),
    title: 'fetching the VS Code server’s own packages',
    args: ['--omit=dev'],
    print,
  });
}
