/** Filled in by the build: a hash of the sources. Window and broker compare theirs in the handshake. */
declare const __BUILD_ID__: string;

export const buildId: string = __BUILD_ID__;
