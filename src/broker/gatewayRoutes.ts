/** The routes of all backends that have a gateway, and what the idle verdict must know of them. */
import type { BackendKey } from '../model/backendDefinition';
import type { Route } from '../gateway/gatewayEvents';

export class GatewayRoutes {
  private readonly routes = new Map<BackendKey, Route>();

  /** What keeps the backend awake at this very moment, in words. To be asked in the turn of the first signal. */
  busyWith(key: BackendKey): string | undefined {
    return this.routes.get(key)?.leases()[0]?.words;
  }

  /** From now on nothing reaches the process: called in the same turn as the verdict. */
  closeGate(key: BackendKey): void {
    this.routes.get(key)?.closeGate();
  }
}
