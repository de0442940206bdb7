/** Programs that listen for a container engine: what answers behind them belongs to whoever ran its command. */
const forwarders: readonly string[] = [
  'docker-proxy',
  'rootlesskit',
  'rootlessport',
  'rootlessport-child',
  'slirp4netns',
  'pasta',
  'pasta.avx2',
  'com.docker.backend',
  'vpnkit',
  'vpnkit-bridge',
  'gvproxy',
  'wslrelay',
  'limactl',
];

/** By the program a command line begins with, however it is written on this system. */
export function isPortForwarder(command: string): boolean {
  const [, quoted, plain] = /^\s*(?:"([^"]+)"|(\S+))/.exec(command) ?? [];
  const program = (quoted ?? plain ?? '').split(/[\\/]/).at(-1) ?? '';
  return forwarders.includes(program.replace(/\.exe$/i, '').toLowerCase());
}
