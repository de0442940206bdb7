import { exchange, isTrouble, type Endpoint, type ExchangeLimits, type Trouble } from './socketExchange';

export type ConnectResult = { readonly kind: 'connected' } | Trouble;

/** Connects to one endpoint and hangs up at once; leaves no trace in the connection table. */
export async function connectOnce(endpoint: Endpoint, limits: ExchangeLimits): Promise<ConnectResult> {
  const result = await exchange<{ readonly kind: 'connected' }>(endpoint, limits, (_socket, finish) =>
    finish({ kind: 'connected' }),
  );
  return isTrouble(result) ? result : { kind: 'connected' };
}
